using Microsoft.Extensions.Options;
using Streaming.Aggregator.Alerts.Webhook;
using Streaming.Aggregator.Checkpoints;

namespace Streaming.Aggregator;

/// <summary>Settings of the Aggregator, section <c>Aggregator</c>. Checked at start.</summary>
public sealed class AggregatorOptions
{
    public const string Section = "Aggregator";

    /// <summary>The pipelines to run, by name, with commas between; empty: those of the scenarios that are on, and those that belong to none.</summary>
    public string Pipelines { get; set; } = "";

    /// <summary>
    /// Stands before a pipeline's name in the name of its consumer group, by which its partitions are shared, so that two installations can share a cluster.
    /// Progress lies in PostgreSQL, not in the group.
    /// </summary>
    public string GroupPrefix { get; set; } = "";

    /// <summary>The names in <see cref="Pipelines"/>.</summary>
    internal IReadOnlyList<string> PipelineNames => Pipelines.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>How often what has changed is written to PostgreSQL: what a reader sees is at most this old, plus the write.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Events read and not yet committed, over all partitions, at which reading pauses.</summary>
    public long MaxUncommittedEvents { get; set; } = 5_000_000;

    /// <summary>Bytes of late and rejected records not yet committed, over all partitions, at which reading pauses.</summary>
    public long MaxUncommittedBytes { get; set; } = 64L << 20;

    /// <summary>
    /// About how many bytes of memory the open windows of all pipelines of this process may take together. Above it, what is stored in PostgreSQL is let go of,
    /// what was not touched for longest first, and loaded again when it is needed; and no more is read than can be written.
    /// </summary>
    public long MaxStateBytes { get; set; } = 512L << 20;

    /// <summary>Rows in the outbox above which reading pauses, until it is half empty again.</summary>
    public int OutboxBound { get; set; } = 100_000;

    /// <summary>Time for the one checkpoint that a revoked partition gets.</summary>
    public TimeSpan RevocationLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a claim waits for another instance's lock before that instance's session in PostgreSQL is ended: it may be frozen in a transaction.</summary>
    public TimeSpan ClaimLockLimit { get; set; } = ClaimStore.DefaultLockLimit;

    /// <summary>A member that is silent for this long loses its partitions (Kafka's <c>session.timeout.ms</c>).</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A partition whose end has been reached and that is silent for this long has its watermark advanced by the clock.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the holder of the outbox relay's lease keeps it unless it renews.</summary>
    public TimeSpan RelayLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an empty outbox is looked at.</summary>
    public TimeSpan RelayInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a partition that stopped at a gap is looked at again.</summary>
    public TimeSpan GapRecheck { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a stage that enriches commits a transaction, while it has something to commit.</summary>
    public TimeSpan EnrichmentInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most records of one such transaction.</summary>
    public int EnrichmentBatch { get; set; } = 10_000;

    /// <summary>How old an event becomes, by the broker's clock, before it is published without the description that its key lacks.</summary>
    public TimeSpan EnrichmentWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long final windows are kept in PostgreSQL.</summary>
    public TimeSpan ResultRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether pipelines that keep their events for a while (<c>KeepEvents</c> in their definition) do so.</summary>
    public bool KeepEvents { get; set; } = true;

    /// <summary>Where transitions of alerts are posted; nowhere unless set.</summary>
    public WebhookOptions Webhook { get; set; } = new();

    /// <summary>How long the rows of a generation that was replaced or given up are kept, beside those that readers still show.</summary>
    public TimeSpan RetiredGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often each instance writes how it runs, for the Dashboard's page "Pipeline health"; no result depends on it.</summary>
    public TimeSpan FiguresInterval { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Names the key and the value of the first setting that has no meaning.</summary>
internal sealed class AggregatorOptionsValidator : IValidateOptions<AggregatorOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, AggregatorOptions options)
    {
        string?[] failures =
        [
            options.GroupPrefix is null || options.GroupPrefix.Any(char.IsWhiteSpace)
                ? $"{AggregatorOptions.Section}:{nameof(options.GroupPrefix)} is '{options.GroupPrefix}'; it must not hold white space." : null,
            Between(nameof(options.CheckpointInterval), options.CheckpointInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Between(nameof(options.RevocationLimit), options.RevocationLimit, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            Between(nameof(options.ClaimLockLimit), options.ClaimLockLimit, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            Between(nameof(options.SessionTimeout), options.SessionTimeout, TimeSpan.FromSeconds(6), TimeSpan.FromMinutes(5)),
            Between(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromMilliseconds(100), Day),
            Between(nameof(options.RelayLease), options.RelayLease, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            Between(nameof(options.RelayInterval), options.RelayInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
            Between(nameof(options.GapRecheck), options.GapRecheck, TimeSpan.FromMilliseconds(100), Day),
            Between(nameof(options.EnrichmentInterval), options.EnrichmentInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5)),
            Between(nameof(options.EnrichmentWait), options.EnrichmentWait, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
            AtLeast(nameof(options.EnrichmentBatch), options.EnrichmentBatch, 1),
            Between(nameof(options.ResultRetention), options.ResultRetention, TimeSpan.FromHours(1), 3650 * Day),
            Between(nameof(options.RetiredGrace), options.RetiredGrace, TimeSpan.Zero, 3650 * Day),
            Between(nameof(options.FiguresInterval), options.FiguresInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10)),
            AtLeast(nameof(options.MaxUncommittedEvents), options.MaxUncommittedEvents, 1),
            AtLeast(nameof(options.MaxUncommittedBytes), options.MaxUncommittedBytes, 1),
            AtLeast(nameof(options.MaxStateBytes), options.MaxStateBytes, 1),
            AtLeast(nameof(options.OutboxBound), options.OutboxBound, 1),
            .. options.Webhook.Problems($"{AggregatorOptions.Section}:{nameof(options.Webhook)}"),
        ];
        var found = failures.OfType<string>().ToList();
        return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? Between(string key, TimeSpan value, TimeSpan least, TimeSpan most) =>
        value >= least && value <= most ? null : $"{AggregatorOptions.Section}:{key} is {value:c}; it must be from {least:c} to {most:c}.";

    private static string? AtLeast(string key, long value, long least) =>
        value >= least ? null : $"{AggregatorOptions.Section}:{key} is {value}; it must be at least {least}.";
}
