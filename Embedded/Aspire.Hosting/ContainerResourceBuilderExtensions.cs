using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Containers in an application: here, those for which a program of this repository can stand.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds a container.</summary>
    /// <exception cref="DistributedApplicationException">No local program stands for its image.</exception>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image) =>
        Add(builder, name, image, tag: null);

    /// <summary>Adds a container of a version.</summary>
    /// <exception cref="DistributedApplicationException">No local program stands for its image.</exception>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image, string tag) =>
        Add(builder, name, image, tag);

    private static IResourceBuilder<ContainerResource> Add(IDistributedApplicationBuilder builder, string name, string image, string? tag)
    {
        var container = builder.AddResource(new ContainerResource(name)).WithAnnotation(new ContainerImageAnnotation { Image = image, Tag = tag ?? "latest" });
        return builder.ExecutionContext.IsPublishMode ? container : container.WithAnnotation(LocalContainers.Program(name, image));
    }
}
