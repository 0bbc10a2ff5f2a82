using Microsoft.Extensions.Options;
using Streaming.Dashboard.Traces;

namespace Streaming.Dashboard;

/// <summary>Settings of the Dashboard, section <c>Dashboard</c>.</summary>
public sealed record DashboardOptions
{
    public const string Section = "Dashboard";

    /// <summary>Name of the pipeline whose windows are shown.</summary>
    public string Pipeline { get; init; } = "sales-by-store";

    /// <summary>Name of the pipeline whose windows are held against its raw events.</summary>
    public string ProofPipeline { get; init; } = "sales-by-country";

    /// <summary>How long that pipeline keeps its raw events, by event time; what its definition says. Older minutes are not compared.</summary>
    public TimeSpan EventsKept { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The feed asks the database at least this often, notified or not, so that a lost notification costs no more.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Two questions to the database are at least this far apart, however many notifications arrive.</summary>
    public TimeSpan MinReadInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How far back live windows are held in memory: the longest live range and, for comparison, as much before it.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How many windows are held in memory at most; beyond it the oldest minutes go first.</summary>
    public int MaxWindows { get; init; } = 200_000;

    /// <summary>How many bytes the rows of one pipeline's page may take in memory, about; beyond it the oldest windows go first.</summary>
    public long MaxWindowBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Data is called stale when no checkpoint has arrived for this long.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A browser gets at most one update in this time; more rarely when rendering takes longer.</summary>
    public TimeSpan MinUpdateInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether several replicas share their Data Protection keys, in the database; without it each machine has keys of its own.</summary>
    public bool SharedKeys { get; init; }

    /// <summary>Path of a PKCS#12 file whose certificate encrypts the shared keys; null to leave that to the database's own encryption.</summary>
    public string? KeysCertificate { get; init; }

    /// <summary>The password of that file; null for none.</summary>
    public string? KeysCertificatePassword { get; init; }

    /// <summary>
    /// The page that shows a trace, with <c>{traceId}</c> where its id belongs: <c>http://localhost:16686/trace/{traceId}</c>. Empty: ids are shown instead of links. The
    /// AppHost sets it to its own dashboard's.
    /// </summary>
    public string TraceUrl { get; init; } = "";

    /// <summary>How many rows a past range may aggregate to before the page asks for a shorter one.</summary>
    public int MaxPastRows { get; init; } = 200_000;

    /// <summary>
    /// Whether the pages about Kafka may change the cluster: create and delete topics, move groups' offsets. Whoever can open the Dashboard can then do it, with the
    /// rights of the user that it connects as.
    /// </summary>
    public bool TopicActions { get; init; }
}

/// <summary>Says at start which setting cannot work, with its key and value.</summary>
internal sealed class DashboardOptionsValidator : IValidateOptions<DashboardOptions>
{
    public ValidateOptionsResult Validate(string? name, DashboardOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Pipeline))
        {
            problems.Add($"{Key(nameof(options.Pipeline))} is '{options.Pipeline}' but must name a pipeline.");
        }

        if (string.IsNullOrWhiteSpace(options.ProofPipeline))
        {
            problems.Add($"{Key(nameof(options.ProofPipeline))} is '{options.ProofPipeline}' but must name a pipeline.");
        }

        Between(problems, nameof(options.EventsKept), options.EventsKept, TimeSpan.FromMinutes(2), TimeSpan.FromDays(7));
        Between(problems, nameof(options.PollInterval), options.PollInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
        Between(problems, nameof(options.MinReadInterval), options.MinReadInterval, TimeSpan.Zero, options.PollInterval);
        Between(problems, nameof(options.Horizon), options.Horizon, TimeSpan.FromHours(2), TimeSpan.FromDays(1));
        Between(problems, nameof(options.StaleAfter), options.StaleAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Between(problems, nameof(options.MinUpdateInterval), options.MinUpdateInterval, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1));
        Positive(problems, nameof(options.MaxWindows), options.MaxWindows);
        Positive(problems, nameof(options.MaxPastRows), options.MaxPastRows);
        if (options.MaxWindowBytes < 1024 * 1024)
        {
            problems.Add($"{Key(nameof(options.MaxWindowBytes))} is {options.MaxWindowBytes} but must be at least 1048576.");
        }

        if (options.TraceUrl.Length > 0 && !TraceLinks.IsPattern(options.TraceUrl))
        {
            problems.Add($"{Key(nameof(options.TraceUrl))} is '{options.TraceUrl}' but must be an absolute http or https address with {TraceLinks.Placeholder} in it, or empty.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Between(List<string> problems, string key, TimeSpan value, TimeSpan smallest, TimeSpan largest)
    {
        if (value < smallest || value > largest)
        {
            problems.Add($"{Key(key)} is {value} but must be from {smallest} to {largest}.");
        }
    }

    private static void Positive(List<string> problems, string key, int value)
    {
        if (value < 1)
        {
            problems.Add($"{Key(key)} is {value} but must be at least 1.");
        }
    }

    private static string Key(string name) => $"{DashboardOptions.Section}:{name}";
}
