using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// What the command line asks to be done with the model, decided as the official package (13.1) does: <c>--operation</c>, or else whether a
/// <c>--publisher</c> is named. Only the manifest can be published here.
/// </summary>
/// <param name="OutputPath">Where the manifest goes: a file that ends in <c>.json</c>, or a folder; null when nothing was said.</param>
/// <param name="Refusal">Why it cannot be done here; null when it can.</param>
internal sealed record PublishRequest(string? OutputPath, string? Refusal)
{
    private const string Operation = "AppHost:Operation";
    private const string Publisher = "Publishing:Publisher";
    private const string Step = "Pipeline:Step";
    private const string Manifest = "manifest";
    private const string ManifestStep = "publish-manifest";

    /// <summary>The official package's switches and the configuration keys that they stand for.</summary>
    public static readonly IDictionary<string, string> Switches = new Dictionary<string, string>
    {
        ["--operation"] = Operation,
        ["--publisher"] = Publisher,
        ["--step"] = Step,
        ["--output-path"] = "Pipeline:OutputPath",
    };

    /// <summary>Whether the model is run or published. An operation that does not exist counts as publishing, which then refuses it.</summary>
    public static DistributedApplicationOperation OperationOf(IConfiguration configuration)
    {
        var isRun = configuration[Operation] is { } operation
            ? string.Equals(operation, "run", StringComparison.OrdinalIgnoreCase)
            : configuration[Publisher] is null;
        return isRun ? DistributedApplicationOperation.Run : DistributedApplicationOperation.Publish;
    }

    /// <summary>What is to be published.</summary>
    public static PublishRequest From(IConfiguration configuration) => new(configuration["Pipeline:OutputPath"], Refuse(configuration));

    private static string? Refuse(IConfiguration configuration)
    {
        if (configuration[Operation] is { } operation && !string.Equals(operation, "publish", StringComparison.OrdinalIgnoreCase))
        {
            return $"The operation '{operation}' is unknown: it is 'publish' or 'run'.";
        }

        var isManifest = string.Equals(configuration[Publisher], Manifest, StringComparison.OrdinalIgnoreCase);
        var step = configuration[Step];
        if (isManifest ? step is null or "" or ManifestStep : configuration[Publisher] is null && step == ManifestStep)
        {
            return configuration["Pipeline:OutputPath"] is { Length: > 0 }
                ? null
                : "The '--output-path [path]' option was not specified even though manifest publishing was requested.";
        }

        var asked = step is { Length: > 0 } ? $"The step '{step}'" : configuration[Publisher] is { } publisher ? $"The publisher '{publisher}'" : "Publishing";
        return $"{asked} needs Aspire's own packages, and this is the stand-in for them, which writes manifests only (--publisher manifest --output-path FILE). " +
            "Run it with them: dotnet run --project AppHost -p:Embedded=false -- … , or, with Aspire's command-line tool, set the environment variable Embedded=false.";
    }
}
