namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image that a container is made of. Here it stands in the manifest only.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>The registry; null for the container runtime's default.</summary>
    public string? Registry { get; set; }

    /// <summary>The image's name in the registry.</summary>
    public required string Image { get; set; }

    /// <summary>The version.</summary>
    public string? Tag { get; set; }
}

/// <summary>A folder of a container that outlives it. Here it stands in the manifest only.</summary>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>The volume's name, or the folder's path on the host.</summary>
    public string? Source { get; } = source;

    /// <summary>The path in the container.</summary>
    public string Target { get; } = target;

    /// <summary>A volume, or a folder of the host.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container may only read it.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>What is mounted into a container.</summary>
public enum ContainerMountType
{
    /// <summary>A folder of the host.</summary>
    BindMount,

    /// <summary>A volume of the container runtime.</summary>
    Volume,
}
