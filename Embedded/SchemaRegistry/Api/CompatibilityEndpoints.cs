using Streaming.Contracts.Avro;
using Streaming.Embedded.SchemaRegistry.Records;
using Streaming.Embedded.SchemaRegistry.Rules;
using Streaming.Embedded.SchemaRegistry.Store;

namespace Streaming.Embedded.SchemaRegistry.Api;

/// <summary><c>/compatibility</c> asks without registering; <c>/config</c> says what is asked for.</summary>
internal static class CompatibilityEndpoints
{
    public static void MapCompatibility(this IEndpointRouteBuilder routes, Registry registry)
    {
        routes.MapPost("/compatibility/subjects/{subject}/versions/{version}", async (HttpContext context, string subject, string version, bool? verbose) =>
        {
            var (name, number) = (Requests.Subject(subject), Requests.Version(version));
            var schema = await Requests.SchemaAsync(context).ConfigureAwait(false);
            return Answer(registry, name, number, schema, verbose == true);
        });

        routes.MapPost("/compatibility/subjects/{subject}/versions", async (HttpContext context, string subject, bool? verbose) =>
            Answer(registry, Requests.Subject(subject), null, await Requests.SchemaAsync(context).ConfigureAwait(false), verbose == true));
    }

    public static void MapLevels(this IEndpointRouteBuilder routes, Registry registry)
    {
        routes.MapGet("/config", () => Level(registry.Read(state => state.GlobalLevel)));
        routes.MapPut("/config", (Delegate)((HttpContext context) => SetAsync(registry, context, null)));
        routes.MapDelete("/config", async (CancellationToken cancellationToken) =>
            Level(await registry.WriteAsync(state => RegistryRules.DropLevel(state, null), cancellationToken).ConfigureAwait(false)));

        routes.MapGet("/config/{subject}", (string subject, bool? defaultToGlobal) => Level(registry.Read(state =>
            state.OwnLevel(Requests.Subject(subject)) ?? (defaultToGlobal == true ? state.GlobalLevel : throw RegistryErrors.NoOwnLevel(Requests.Subject(subject))))));
        routes.MapPut("/config/{subject}", (HttpContext context, string subject) => SetAsync(registry, context, Requests.Subject(subject)));
        routes.MapDelete("/config/{subject}", async (string subject, CancellationToken cancellationToken) =>
            Level(await registry.WriteAsync(state => RegistryRules.DropLevel(state, Requests.Subject(subject)), cancellationToken).ConfigureAwait(false)));

        // Clients ask before they write; nothing else is supported.
        routes.MapGet("/mode", () => Answers.Json(new ModeAnswer("READWRITE"), ApiJson.Default.ModeAnswer));
    }

    private static IResult Answer(Registry registry, string subject, int? version, AvroSchema schema, bool isVerbose)
    {
        var problems = registry.Read(state =>
        {
            // Against no version at all everything is compatible; a version that is asked for by its number must be there.
            if (version is null && !state.Versions(subject, withDeleted: false).Any())
            {
                return [];
            }

            return RegistryRules.Problems(state, subject, RegistryRules.Version(state, subject, version, withDeleted: false), schema);
        });
        return Answers.Json(new CompatibleAnswer(problems.Count == 0, isVerbose ? problems : null), ApiJson.Default.CompatibleAnswer);
    }

    private static async Task<IResult> SetAsync(Registry registry, HttpContext context, string? subject)
    {
        var request = await Requests.BodyAsync(context, ApiJson.Default.LevelRequest).ConfigureAwait(false);
        if (request.Compatibility is null || Levels.Find(request.Compatibility) is not { } level)
        {
            throw RegistryErrors.BadLevel(request.Compatibility);
        }

        await registry.WriteAsync(_ => RegistryRules.SetLevel(subject, level), context.RequestAborted).ConfigureAwait(false);
        return Answers.Json(request, ApiJson.Default.LevelRequest);
    }

    private static IResult Level(CompatibilityLevel level) => Answers.Json(new LevelAnswer(Levels.Word(level)), ApiJson.Default.LevelAnswer);
}
