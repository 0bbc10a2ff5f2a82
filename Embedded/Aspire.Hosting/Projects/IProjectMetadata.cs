using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting
{
    /// <summary>A project that the AppHost refers to; the classes in namespace <c>Projects</c> are made at build time.</summary>
    public interface IProjectMetadata : IResourceAnnotation
    {
        /// <summary>The full path of its project file.</summary>
        string ProjectPath { get; }

        /// <summary>Its launch settings; null to read them from its folder.</summary>
        LaunchSettings? LaunchSettings => null;

        /// <summary>Whether it has been built with the AppHost.</summary>
        bool SuppressBuild => false;
    }

    /// <summary>The file <c>Properties/launchSettings.json</c>.</summary>
    public sealed class LaunchSettings
    {
        /// <summary>The profiles by name.</summary>
        [JsonPropertyName("profiles")]
        public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];
    }

    /// <summary>One way to launch a project.</summary>
    public sealed class LaunchProfile
    {
        /// <summary><c>Project</c> for those that count.</summary>
        [JsonPropertyName("commandName")]
        public string? CommandName { get; set; }

        /// <summary>Command-line arguments.</summary>
        [JsonPropertyName("commandLineArgs")]
        public string? CommandLineArgs { get; set; }

        /// <summary>What it listens on, separated by semicolons.</summary>
        [JsonPropertyName("applicationUrl")]
        public string? ApplicationUrl { get; set; }

        /// <summary>The page to open.</summary>
        [JsonPropertyName("launchUrl")]
        public string? LaunchUrl { get; set; }

        /// <summary>Environment variables.</summary>
        [JsonPropertyName("environmentVariables")]
        public Dictionary<string, string> EnvironmentVariables { get; set; } = [];
    }
}

namespace Aspire.Hosting.Projects
{
    /// <summary>
    /// What a project was built into. Not part of the official package, which asks <c>dotnet run</c> for it; only the generated
    /// classes implement it.
    /// </summary>
    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public interface IBuiltProject
    {
        /// <summary>The full path of its assembly.</summary>
        string AssemblyPath { get; }
    }
}
