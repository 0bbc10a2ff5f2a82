using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Names the volumes of containers, with the same form as the official package: application, hash of its name, resource, suffix.</summary>
internal static partial class VolumeNames
{
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        var application = builder.ApplicationBuilder.Environment.ApplicationName;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(application)))[..10];
        return $"{NotInName().Replace(application, "_").ToLowerInvariant()}-{hash}-{builder.Resource.Name}-{suffix}";
    }

    [GeneratedRegex("^[^A-Za-z0-9]|[^A-Za-z0-9_.-]")]
    private static partial Regex NotInName();
}
