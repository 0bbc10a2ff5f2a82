using System.Reflection;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Describes servers of this repository that stand for containers.</summary>
internal static class LocalServers
{
    /// <summary>The program that was built for a stand-in, from its assembly's metadata.</summary>
    public static LocalProgramAnnotation Program(Assembly standIn, string key, Func<Replica, DataFolders, IEnumerable<object>> arguments)
    {
        var path = standIn.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
        return new LocalProgramAnnotation(path, Path.GetDirectoryName(path)!)
        {
            Arguments = (replica, data) => [.. arguments(replica, data), "--stop-with-stdin"],
            ReadyWord = "ready ",
            WatchesInput = true,
        };
    }

    /// <summary>Keeps the resource's data between runs.</summary>
    public static IResourceBuilder<T> KeepData<T>(IResourceBuilder<T> builder, string? name)
        where T : IResource => builder.WithAnnotation(new DataVolumeAnnotation(name ?? builder.Resource.Name), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Says once, when the application starts, that something is left out because it only comes as a container.</summary>
    public static IResourceBuilder<T> LeaveOut<T>(IResourceBuilder<T> builder, string what)
        where T : IResource => builder.WithAnnotation(new LeftOutAnnotation(what));
}

/// <summary>Something that only comes as a container.</summary>
internal sealed class LeftOutAnnotation(string what) : IResourceAnnotation
{
    public string What { get; } = what;
}
