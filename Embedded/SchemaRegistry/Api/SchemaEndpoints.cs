using Streaming.Contracts.SchemaRegistry;
using Streaming.Embedded.SchemaRegistry.Records;
using Streaming.Embedded.SchemaRegistry.Rules;
using Streaming.Embedded.SchemaRegistry.Store;

namespace Streaming.Embedded.SchemaRegistry.Api;

/// <summary><c>/schemas</c>: schemas by their ids. A deleted version's schema is still found here, so that what it wrote can be read.</summary>
internal static class SchemaEndpoints
{
    public static void MapSchemas(this IEndpointRouteBuilder routes, Registry registry)
    {
        routes.MapGet("/schemas/types", () => Answers.Json([RegisteredSchema.AvroType], ApiJson.Default.ListString));
        routes.MapGet("/schemas/ids/{id:int}", (int id) => Answers.Schema(Find(registry, id)[0]));
        routes.MapGet("/schemas/ids/{id:int}/schema", (int id) => Answers.Text(Find(registry, id)[0]));
        routes.MapGet("/schemas/ids/{id:int}/subjects", (int id, bool? deleted) => Answers.Json(
            Find(registry, id).Where(version => deleted == true || !version.IsDeleted).Select(version => version.Subject).Distinct().ToList(), ApiJson.Default.ListString));
        routes.MapGet("/schemas/ids/{id:int}/versions", (int id, bool? deleted) => Answers.Json(
            Find(registry, id).Where(version => deleted == true || !version.IsDeleted).Select(version => new SubjectVersion(version.Subject, version.Version)).ToList(),
            ApiJson.Default.ListSubjectVersion));
    }

    private static List<SchemaVersion> Find(Registry registry, int id) =>
        registry.Read(state => state.ById(id).ToList()) is { Count: > 0 } versions ? versions : throw RegistryErrors.NoSchema(id);
}
