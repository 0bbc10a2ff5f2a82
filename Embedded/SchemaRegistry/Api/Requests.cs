using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Embedded.SchemaRegistry.Rules;

namespace Streaming.Embedded.SchemaRegistry.Api;

/// <summary>What requests hold, checked.</summary>
internal static class Requests
{
    private static readonly string[] JsonTypes = [SchemaRegistryClient.ContentType, "application/vnd.schemaregistry+json", "application/json", "application/octet-stream"];

    /// <summary>The schema in a request's body.</summary>
    public static async Task<AvroSchema> SchemaAsync(HttpContext context)
    {
        var request = await BodyAsync(context, ApiJson.Default.SchemaRequest).ConfigureAwait(false);
        if (request.SchemaType is not (null or RegisteredSchema.AvroType))
        {
            throw RegistryErrors.BadSchema($"schemas of type {request.SchemaType} are not supported by this registry");
        }

        if (request.References is { Count: > 0 })
        {
            throw RegistryErrors.BadSchema("references to other schemas are not supported by this registry");
        }

        if (request.Id is > 0 || request.Version is > 0)
        {
            throw RegistryErrors.NotPermitted("ids and versions are given by this registry; it has no import mode");
        }

        try
        {
            return AvroSchema.Parse(request.Schema ?? throw RegistryErrors.BadSchema("there is no 'schema'"));
        }
        catch (AvroSchemaException e)
        {
            throw RegistryErrors.BadSchema(e.Message);
        }
    }

    /// <summary>
    /// A JSON body. Its content type is asked for: a web page of somebody else's can send forms and plain text to this address without being allowed to,
    /// but not JSON.
    /// </summary>
    public static async Task<T> BodyAsync<T>(HttpContext context, JsonTypeInfo<T> type)
    {
        if (context.Request.ContentType is not { } content || !JsonTypes.Contains(content.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
        {
            throw new RegistryException(StatusCodes.Status415UnsupportedMediaType, $"the content type is not {SchemaRegistryClient.ContentType}");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted).ConfigureAwait(false)
                ?? throw new RegistryException(StatusCodes.Status422UnprocessableEntity, "the body is null");
        }
        catch (JsonException e)
        {
            throw new RegistryException(StatusCodes.Status400BadRequest, $"the body is not the JSON that is expected: {e.Message}");
        }
    }

    /// <summary>The subject in the path. A slash in it comes as <c>%2F</c>, which the server leaves as it is.</summary>
    public static string Subject(string fromPath) => fromPath.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The version in the path; null for the newest.</summary>
    public static int? Version(string fromPath) =>
        fromPath is "latest" or "-1" ? null
        : int.TryParse(fromPath, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? version
        : throw RegistryErrors.BadVersion(fromPath);
}
