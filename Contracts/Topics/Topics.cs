namespace Streaming.Contracts;

/// <summary>The topics of this application; each scenario's in a file of its own, those of the sales and of the pipelines in general here.</summary>
public static partial class Topics
{
    /// <summary>The largest record that the topics of events take, in bytes.</summary>
    public const int LargestInput = 1024 * 1024;

    /// <summary>What a side output's record may be larger than its input: the headers that say where it came from and why, in bytes.</summary>
    public const int SideOutputRoom = 64 * 1024;

    /// <summary>Sales as they happen, keyed by store id: <see cref="StoreSale"/> as JSON.</summary>
    public static readonly TopicDeclaration Sales = new("sales", 6, TimeSpan.FromDays(7)) { MaxMessageBytes = LargestInput };

    /// <summary>The stores, keyed by store id: <see cref="Store"/> as JSON, the newest of each key.</summary>
    public static readonly TopicDeclaration Stores = new("stores", 1, Timeout.InfiniteTimeSpan, CleanupPolicy.Compact);

    /// <summary>Sales joined with their stores, keyed by store id: <see cref="EnrichedSale"/> as JSON, written in transactions.</summary>
    public static readonly TopicDeclaration SalesEnriched = new("sales-enriched", 6, TimeSpan.FromDays(7)) { MaxMessageBytes = LargestInput, IsTransactional = true };

    /// <summary>Closed one-minute windows per store, keyed by store id: <see cref="SalesWindow"/> as JSON.</summary>
    public static readonly TopicDeclaration SalesAggregate = new("sales-aggregate", 6, TimeSpan.FromDays(7));

    /// <summary>Sales that came after their window had closed, with their bytes and the headers of <see cref="HeaderNames"/>.</summary>
    public static readonly TopicDeclaration SalesLate = new("sales-late", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Records that could not be taken in, with their bytes, their origin and the error.</summary>
    public static readonly TopicDeclaration SalesDeadLetter = new("sales-dead-letter", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Alerts that began to fire or were resolved, of all pipelines, keyed by pipeline, rule and group key: <see cref="Alerts.AlertEvent"/> as JSON.</summary>
    public static readonly TopicDeclaration Alerts = new("alerts", 1, TimeSpan.FromDays(30));

    /// <summary>
    /// How far each pipeline's outbox has been relayed, written in the transactions that carry the rows; read wholly by each relay that takes over, hence the
    /// small segments.
    /// </summary>
    public static readonly TopicDeclaration OutboxCursors = new("outbox-cursors", 1, Timeout.InfiniteTimeSpan, CleanupPolicy.Compact) { SegmentBytes = 4 * 1024 * 1024 };

    /// <summary>The topics of this file, in the order in which they are created.</summary>
    public static IReadOnlyList<TopicDeclaration> All { get; } = [Sales, Stores, SalesEnriched, SalesAggregate, SalesLate, SalesDeadLetter, Alerts, OutboxCursors];
}
