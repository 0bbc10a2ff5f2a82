using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => SetVariable(builder, name, value ?? "");

    /// <summary>Sets an environment variable to a text with holes.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => SetVariable(builder, name, value);

    /// <summary>Sets an environment variable to an endpoint's URL.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => SetVariable(builder, name, endpointReference);

    /// <summary>Sets an environment variable to a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => SetVariable(builder, name, parameter.Resource);

    /// <summary>Sets environment variables each time the resource starts.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment => builder.WithAnnotation(new EnvironmentCallbackAnnotation(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }));

    /// <summary>
    /// Tells the resource how to reach another one: <c>ConnectionStrings__{name}</c> and, for each part of it, <c>{NAME}_{KEY}</c>.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        builder.WithEnvironment(context =>
        {
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            foreach (var (key, value) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{VariablePrefix(name)}_{key.ToUpperInvariant()}"] = value;
            }
        });
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, "Reference"));
    }

    /// <summary>Tells the resource how to reach another one's endpoints: <c>services__{name}__{endpoint}__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.GetEndpoints())
            {
                context.EnvironmentVariables[$"services__{source.Resource.Name}__{endpoint.EndpointName}__0"] = endpoint;
                context.EnvironmentVariables[$"{VariablePrefix(source.Resource.Name)}_{VariablePrefix(endpoint.EndpointName)}"] = endpoint;
            }
        });
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(source.Resource, "Reference"));
    }

    /// <summary>Tells the resource how to reach one endpoint of another one: <c>services__{name}__{endpoint}__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        var (resource, endpoint) = (endpointReference.Resource, endpointReference.EndpointName);
        builder.WithEnvironment($"services__{resource.Name}__{endpoint}__0", endpointReference);
        builder.WithEnvironment($"{VariablePrefix(resource.Name)}_{VariablePrefix(endpoint)}", endpointReference);
        return builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, "Reference"));
    }

    private static IResourceBuilder<T> SetVariable<T>(IResourceBuilder<T> builder, string name, object value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = value);

    private static string VariablePrefix(string name) => name.Replace('-', '_').ToUpperInvariant();
}
