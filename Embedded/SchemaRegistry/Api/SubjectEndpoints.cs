using Streaming.Embedded.SchemaRegistry.Rules;
using Streaming.Embedded.SchemaRegistry.Store;

namespace Streaming.Embedded.SchemaRegistry.Api;

/// <summary><c>/subjects</c>: which schemas stand under which names.</summary>
internal static class SubjectEndpoints
{
    public static void MapSubjects(this IEndpointRouteBuilder routes, Registry registry, ILogger logger)
    {
        routes.MapGet("/subjects", (bool? deleted) => Answers.Json(registry.Read(state => state.Subjects(deleted == true).ToList()), ApiJson.Default.ListString));

        routes.MapPost("/subjects/{subject}", async (HttpContext context, string subject, bool? deleted) =>
        {
            var schema = await Requests.SchemaAsync(context).ConfigureAwait(false);
            return Answers.Version(registry.Read(state => RegistryRules.LookUp(state, Requests.Subject(subject), schema, deleted == true)));
        });

        routes.MapDelete("/subjects/{subject}", async (string subject, bool? permanent, CancellationToken cancellationToken) =>
        {
            var versions = await registry.WriteAsync(state => RegistryRules.DeleteSubject(state, Requests.Subject(subject), permanent == true), cancellationToken).ConfigureAwait(false);
            return Answers.Json([.. versions], ApiJson.Default.ListInt32);
        });

        MapVersions(routes, registry, logger);
    }

    private static void MapVersions(IEndpointRouteBuilder routes, Registry registry, ILogger logger)
    {
        routes.MapGet("/subjects/{subject}/versions", (string subject, bool? deleted) => Answers.Json(
            registry.Read(state => RegistryRules.Existing(state, Requests.Subject(subject), deleted == true).ConvertAll(version => version.Version)), ApiJson.Default.ListInt32));

        routes.MapPost("/subjects/{subject}/versions", async (HttpContext context, string subject) =>
        {
            var name = Requests.Subject(subject);
            var schema = await Requests.SchemaAsync(context).ConfigureAwait(false);
            var id = await registry.WriteAsync(state => RegistryRules.Register(state, name, schema), context.RequestAborted).ConfigureAwait(false);
            Log.Registered(logger, name, id);
            return Answers.Json(new IdAnswer(id), ApiJson.Default.IdAnswer);
        });

        routes.MapGet("/subjects/{subject}/versions/{version}", (string subject, string version, bool? deleted) =>
            Answers.Version(registry.Read(state => RegistryRules.Version(state, Requests.Subject(subject), Requests.Version(version), deleted == true))));

        routes.MapGet("/subjects/{subject}/versions/{version}/schema", (string subject, string version, bool? deleted) =>
            Answers.Text(registry.Read(state => RegistryRules.Version(state, Requests.Subject(subject), Requests.Version(version), deleted == true))));

        routes.MapDelete("/subjects/{subject}/versions/{version}", async (string subject, string version, bool? permanent, CancellationToken cancellationToken) =>
        {
            var deleted = await registry.WriteAsync(
                state => RegistryRules.DeleteVersion(state, Requests.Subject(subject), Requests.Version(version), permanent == true), cancellationToken).ConfigureAwait(false);
            return Answers.Json(deleted, ApiJson.Default.Int32);
        });
    }
}
