namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A resource whose process takes environment variables.</summary>
    public interface IResourceWithEnvironment : IResource;

    /// <summary>A resource whose process takes command-line arguments.</summary>
    public interface IResourceWithArgs : IResource;

    /// <summary>A resource that listens.</summary>
    public interface IResourceWithEndpoints : IResource;

    /// <summary>A resource that can be told to wait for others before it starts.</summary>
    public interface IResourceWithWaitSupport : IResource;

    /// <summary>A resource that computes: a project or a container.</summary>
    public interface IComputeResource : IResource;

    /// <summary>A resource that lives inside another one.</summary>
    public interface IResourceWithParent : IResource
    {
        /// <summary>The resource that it lives in.</summary>
        IResource Parent { get; }
    }

    /// <summary>A resource that lives inside another one of a known type.</summary>
    public interface IResourceWithParent<out T> : IResourceWithParent
        where T : IResource
    {
        /// <summary>The resource that it lives in.</summary>
        new T Parent { get; }

        IResource IResourceWithParent.Parent => Parent;
    }

    /// <summary>A server that runs as a container in the official package; here a local process stands for it.</summary>
    public class ContainerResource(string name, string? entrypoint = null)
        : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IComputeResource
    {
        /// <summary>The container's entry point; unused by local processes.</summary>
        public string? Entrypoint { get; set; } = entrypoint;
    }

    /// <summary>A .NET project of the solution, run as a process of its own.</summary>
    public class ProjectResource(string name)
        : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport, IComputeResource;
}

namespace Aspire.Hosting
{
    /// <summary>A resource whose endpoints others find by its name.</summary>
    public interface IResourceWithServiceDiscovery : ApplicationModel.IResourceWithEndpoints;
}
