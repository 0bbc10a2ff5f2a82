using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>What becomes of rows that close while a checkpoint is written. Asked by the checkpoint's writer only, while no other change is taken.</summary>
internal interface IStoredClosing
{
    WindowPlan Windows { get; }

    MeasurePlan Measures { get; }

    /// <summary>Whether alert rules judge what closes.</summary>
    bool IsWatched { get; }

    /// <summary>Rows that closed in the last try.</summary>
    long Rows { get; }

    /// <summary>Alerts that began or ended in the last try.</summary>
    long Transitions { get; }

    /// <summary>Before the first page of each try; after a try that failed the alert states are asked for, as they are stored.</summary>
    Task BeginAsync(Func<Task<IReadOnlyList<StoredAlertState>>> states);

    /// <summary>What leaves for Kafka with this page of final rows; the last page says that all have closed.</summary>
    ClosedPage Close(IReadOnlyList<WindowRow> rows, bool isLast);
}

/// <summary>What leaves with a page of final rows.</summary>
internal sealed record ClosedPage(IReadOnlyList<OutboxMessage> Outgoing, PartitionAlerts Alerts);
