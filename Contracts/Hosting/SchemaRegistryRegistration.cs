using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Contracts.Hosting;

/// <summary>
/// Adds the schema registry's client to a service. This file is compiled into the services that need it (<c>Compile Include</c>), so that Contracts itself
/// stays free of hosting.
/// </summary>
internal static class SchemaRegistryRegistration
{
    /// <summary>Adds a <see cref="SchemaRegistryClient"/> if a registry is configured (<see cref="SchemaRegistrySettings.From"/>).</summary>
    /// <exception cref="OptionsValidationException">A value makes no sense. The message names the key.</exception>
    public static void AddSchemaRegistryClient(this IHostApplicationBuilder builder)
    {
        try
        {
            if (SchemaRegistrySettings.From(key => builder.Configuration[key]) is { } settings)
            {
                builder.Services.AddSingleton(_ => new SchemaRegistryClient(settings));
            }
        }
        catch (ArgumentException e)
        {
            throw new OptionsValidationException(SchemaRegistrySettings.Name, typeof(SchemaRegistrySettings), [e.Message]);
        }
    }
}
