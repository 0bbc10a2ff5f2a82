using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Projects;

/// <summary>Chooses a project's launch profile as <c>dotnet run</c> does: the named one, the AppHost's own name, or the first.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions s_lenient = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static KeyValuePair<string, LaunchProfile>? Choose(IProjectMetadata project, string? name, IConfiguration configuration)
    {
        var profiles = (project.LaunchSettings ?? Read(project.ProjectPath))?.Profiles ?? [];
        if (name is not null)
        {
            return profiles.TryGetValue(name, out var named) ? new(name, named) : throw new DistributedApplicationException(
                $"Launch profile '{name}' is not in the launch settings of '{project.ProjectPath}'.");
        }

        var ofAppHost = configuration["AppHost:DefaultLaunchProfileName"] ?? configuration["DOTNET_LAUNCH_PROFILE"];
        return profiles.Where(profile => string.Equals(profile.Value.CommandName, "Project", StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(profile => profile.Key == ofAppHost)
            .Select(profile => (KeyValuePair<string, LaunchProfile>?)profile).FirstOrDefault();
    }

    public static string PathOf(IProjectMetadata project) => PathOf(project.ProjectPath);

    private static string PathOf(string projectPath) => Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");

    private static LaunchSettings? Read(string projectPath)
    {
        var path = PathOf(projectPath);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllBytes(path), s_lenient);
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"The launch settings '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
