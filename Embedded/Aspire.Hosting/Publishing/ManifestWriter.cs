using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Writes the model in the shape of the official package's manifest (schema <c>aspire-8.0.json</c> of the public repository dotnet/aspire): a resource
/// is written in the order in which it was added, what is only referred to comes after, values that are known later are expressions such as
/// <c>{kafka.bindings.tcp.host}</c>. Parameters are never asked for their values, so no secret can get in.
/// </summary>
internal sealed class ManifestWriter(Utf8JsonWriter json, string manifestPath, DistributedApplicationExecutionContext execution)
{
    private const string Schema = "https://json.schemastore.org/aspire-8.0.json";
    private readonly ManifestReferences _references = new();
    private readonly ManifestBindings _bindings = new(json);

    public async Task WriteAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteStartObject("resources");
        foreach (var resource in model.Resources)
        {
            _references.Written(resource);
        }

        foreach (var resource in model.Resources)
        {
            await WriteAsync(resource, cancellationToken).ConfigureAwait(false);
        }

        while (_references.NextUnwritten() is { } resource)
        {
            await WriteAsync(resource, cancellationToken).ConfigureAwait(false);
        }

        WriteEncoded(_references.TakeEncoded(of: null));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task WriteAsync(IResource resource, CancellationToken cancellationToken)
    {
        json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ProjectResource project:
                json.WriteString("type", "project.v0");
                json.WriteString("path", RelativePath(project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath));
                await WriteEnvironmentAsync(project, cancellationToken).ConfigureAwait(false);
                _bindings.Write(project);
                break;
            case ContainerResource container:
                await WriteContainerAsync(container, cancellationToken).ConfigureAwait(false);
                break;
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case IResourceWithConnectionString:
                json.WriteString("type", "value.v0");
                WriteConnectionString(resource);
                break;
            default:
                json.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }

        json.WriteEndObject();
        WriteEncoded(_references.TakeEncoded(resource));
    }

    private async Task WriteContainerAsync(ContainerResource container, CancellationToken cancellationToken)
    {
        var image = container.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()
            ?? throw new DistributedApplicationException($"The container '{container.Name}' has no image.");
        json.WriteString("type", "container.v0");
        WriteConnectionString(container);
        json.WriteString("image", $"{(image.Registry is null ? "" : $"{image.Registry}/")}{image.Image}{(image.Tag is null ? "" : $":{image.Tag}")}");
        if (container.Entrypoint is { } entrypoint)
        {
            json.WriteString("entrypoint", entrypoint);
        }

        WriteVolumes(container);
        await WriteEnvironmentAsync(container, cancellationToken).ConfigureAwait(false);
        _bindings.Write(container);
    }

    private void WriteVolumes(ContainerResource container)
    {
        var volumes = container.Annotations.OfType<ContainerMountAnnotation>().Where(mount => mount.Type == ContainerMountType.Volume).ToList();
        if (volumes.Count == 0)
        {
            return;
        }

        json.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            json.WriteStartObject();
            json.WriteString("name", volume.Source);
            json.WriteString("target", volume.Target);
            json.WriteBoolean("readOnly", volume.IsReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteParameter(ParameterResource parameter)
    {
        json.WriteString("type", "parameter.v0");
        if (parameter is IResourceWithConnectionString)
        {
            json.WriteString("connectionString", parameter.ValueExpression);
        }

        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret)
        {
            json.WriteBoolean("secret", true);
        }

        WriteDefault(parameter.Default);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteDefault(ParameterDefault? parameterDefault)
    {
        if (parameterDefault is null)
        {
            return;
        }

        json.WriteStartObject("default");
        if (parameterDefault is GenerateParameterDefault generated)
        {
            json.WriteStartObject("generate");
            json.WriteNumber("minLength", generated.MinLength);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("value", parameterDefault.GetDefaultValue());
        }

        json.WriteEndObject();
    }

    private void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString { ConnectionStringExpression: var connectionString })
        {
            json.WriteString("connectionString", _references.Expression(connectionString));
        }
    }

    private async Task WriteEnvironmentAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        if (context.EnvironmentVariables.Count == 0)
        {
            return;
        }

        json.WriteStartObject("env");
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            json.WriteString(name, value is IManifestExpressionProvider provider ? _references.Expression(provider) : Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private void WriteEncoded(IEnumerable<(string Name, ParameterResource Parameter, string Format)> encoded)
    {
        foreach (var (name, parameter, format) in encoded)
        {
            json.WriteStartObject(name);
            json.WriteString("type", "annotated.string");
            json.WriteString("value", parameter.ValueExpression);
            json.WriteString("filter", format);
            json.WriteEndObject();
        }
    }

    private string RelativePath(string path) => Path.GetRelativePath(Path.GetDirectoryName(manifestPath)!, path).Replace('\\', '/');
}
