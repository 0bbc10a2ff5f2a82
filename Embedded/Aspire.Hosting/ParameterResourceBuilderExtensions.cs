using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value from configuration, <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(CreateParameter(builder, name, secret));

    /// <summary>A value from configuration, <c>Parameters:{name}</c>, or else the one given.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        publishValueAsDefault && secret
            ? throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret))
            : builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"] ?? value, secret)
            {
                Default = publishValueAsDefault ? new ConstantParameterDefault(value) : null,
            });

    /// <summary>A connection string from configuration, <c>ConnectionStrings:{name}</c>: a server that is not run here.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConfiguredConnectionString(name, () => builder.Configuration.GetConnectionString(name), environmentVariableName));

    /// <summary>A value from configuration that is not part of the model.</summary>
    public static ParameterResource CreateParameter(IDistributedApplicationBuilder builder, string name, bool secret) =>
        new(name, _ => builder.Configuration[$"Parameters:{name}"] ?? throw new MissingParameterValueException(
            $"Parameter resource could not be used because configuration key 'Parameters:{name}' is missing and the Parameter has no default value."), secret);

    /// <summary>A password from configuration, <c>Parameters:{name}</c>, or else a random one.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true,
        int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0) =>
        new(name, generated => builder.Configuration[$"Parameters:{name}"] ?? generated!.GetDefaultValue(), secret: true)
        {
            Default = new GenerateParameterDefault { MinLength = 22 },
        };
}
