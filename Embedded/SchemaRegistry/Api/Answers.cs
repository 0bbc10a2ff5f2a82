using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Embedded.SchemaRegistry.Records;
using Streaming.Embedded.SchemaRegistry.Rules;

namespace Streaming.Embedded.SchemaRegistry.Api;

/// <summary>Answers in the interface's content type.</summary>
internal static class Answers
{
    public static IResult Json<T>(T answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        Results.Json(answer, type, SchemaRegistryClient.ContentType, status);

    public static IResult Error(RegistryException error) => Json(new ErrorAnswer(error.Code, error.Message), ApiJson.Default.ErrorAnswer, error.Status);

    public static IResult Version(SchemaVersion version) =>
        Json(new VersionAnswer(version.Subject, version.Version, version.Id, TypeOf(version), References(version), version.Text), ApiJson.Default.VersionAnswer);

    public static IResult Schema(SchemaVersion version) => Json(new SchemaAnswer(version.Text, TypeOf(version), References(version)), ApiJson.Default.SchemaAnswer);

    /// <summary>The schema itself, which is JSON where it is Avro.</summary>
    public static IResult Text(SchemaVersion version) => Results.Text(version.Text, SchemaRegistryClient.ContentType);

    private static string? TypeOf(SchemaVersion version) => version.Type == RegisteredSchema.AvroType ? null : version.Type;

    private static JsonElement? References(SchemaVersion version) => version.References is { } references ? JsonElement.Parse(references) : null;
}
