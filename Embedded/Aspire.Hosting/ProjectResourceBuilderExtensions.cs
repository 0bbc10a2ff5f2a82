using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Projects;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

/// <summary>Projects of the solution.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Runs a project that the AppHost refers to, with its first launch profile.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => Add<TProject>(builder, name, new ProjectResourceOptions());

    /// <summary>Runs a project that the AppHost refers to, with a launch profile of it; null for none.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() =>
        Add<TProject>(builder, name, new ProjectResourceOptions { LaunchProfileName = launchProfileName, ExcludeLaunchProfile = launchProfileName is null });

    /// <summary>Runs a project that the AppHost refers to.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        return Add<TProject>(builder, name, options);
    }

    /// <summary>Runs several processes of the project behind its endpoints, which hand them new connections in turn.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas));
    }

    private static IResourceBuilder<ProjectResource> Add<TProject>(IDistributedApplicationBuilder builder, string name, ProjectResourceOptions options)
        where TProject : IProjectMetadata, new()
    {
        var metadata = new TProject();
        if (metadata is not IBuiltProject built)
        {
            throw new DistributedApplicationException($"Project '{metadata.ProjectPath}' says nowhere what it was built into; refer to it from the AppHost's project file.");
        }

        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation<IProjectMetadata>(metadata);
        project.WithAnnotation(new LocalProgramAnnotation(built.AssemblyPath, Path.GetDirectoryName(metadata.ProjectPath)!));
        var profile = options.ExcludeLaunchProfile ? null : LaunchProfiles.Choose(metadata, options.LaunchProfileName, builder.Configuration);
        if (builder.ExecutionContext.IsPublishMode)
        {
            PublishedProject.Describe(project, profile);
        }
        else
        {
            ProjectEnvironment.Describe(project, profile);
        }

        return project;
    }
}

/// <summary>How a project is run.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile; null for the AppHost's own, or else the first.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether to use no launch profile.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Without effect: endpoints come from launch profiles only.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
