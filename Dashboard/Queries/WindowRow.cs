using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Queries;

/// <summary>One row of the table of windows. Instants are UTC. Its members are what the table can be sorted by, here and in the database.</summary>
public sealed record WindowRow
{
    public required string StoreId { get; init; }

    /// <summary>The store's name, or its id when nobody has described it.</summary>
    public required string Name { get; init; }

    public required string City { get; init; }

    /// <summary>ISO 4217; empty for an unknown store.</summary>
    public required string Currency { get; init; }

    public required DateTime Start { get; init; }

    public required DateTime End { get; init; }

    public required long Count { get; init; }

    public required decimal Sum { get; init; }

    /// <summary>Null without a sale.</summary>
    public required long? Min { get; init; }

    /// <summary>Null without a sale.</summary>
    public required long? Max { get; init; }

    /// <summary>Null without a sale.</summary>
    public required decimal? Mean { get; init; }

    public required long Late { get; init; }

    public required bool IsFinal { get; init; }

    public required int Partition { get; init; }

    public required long Version { get; init; }

    public required Guid TopicId { get; init; }

    /// <summary>Whether the reference data describes the store.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>A window of the live snapshot as a row.</summary>
    public static WindowRow Of(SalesWindow window, StoreInfo store) => new()
    {
        StoreId = window.StoreId,
        Name = store.Name,
        City = store.City,
        Currency = store.Currency,
        Start = window.Start.UtcDateTime,
        End = window.End.UtcDateTime,
        Count = window.Count,
        Sum = window.Sum,
        Min = window.Count == 0 ? null : window.Min,
        Max = window.Count == 0 ? null : window.Max,
        Mean = window.Mean,
        Late = window.Late,
        IsFinal = window.IsFinal,
        Partition = window.Source.Partition,
        Version = window.Version,
        TopicId = window.Source.TopicId,
        IsKnown = store.IsKnown,
    };
}
