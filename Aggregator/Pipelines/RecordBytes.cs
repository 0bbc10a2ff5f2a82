using Streaming.Aggregator.Schemas;

namespace Streaming.Aggregator.Pipelines;

/// <summary>A record as a decoder sees it. The bytes are the client's own and are not kept.</summary>
/// <param name="Key">Null when it has none.</param>
/// <param name="Value">Null when it has none (a tombstone).</param>
/// <param name="BrokerTimestampMs">When the broker appended it, milliseconds since the Unix epoch.</param>
public readonly record struct RecordBytes(byte[]? Key, byte[]? Value, long BrokerTimestampMs)
{
    /// <summary>What is known of the registry's schemas; null where no registry is configured.</summary>
    public SchemaDirectory? Schemas { get; init; }
}

/// <summary>Reads an event out of a record.</summary>
/// <param name="record">The record.</param>
/// <param name="e">The event; without meaning unless it was taken.</param>
/// <param name="eventTimeMs">When it happened, milliseconds since the Unix epoch.</param>
public delegate Decoding EventDecoder<TEvent>(in RecordBytes record, out TEvent e, out long eventTimeMs);

/// <summary>What became of a record on its way to being an event.</summary>
public readonly record struct Decoding
{
    /// <summary>The reason of records on which code of the definition threw.</summary>
    public const string FailedReason = "failed";

    private Decoding(string? reason, string? error, bool isFiltered) => (Reason, Error, IsFiltered) = (reason, error, isFiltered);

    /// <summary>It is an event.</summary>
    public static Decoding Taken => default;

    /// <summary>It is an event that the pipeline passes over.</summary>
    public static Decoding Filtered => new(null, null, isFiltered: true);

    /// <summary>Why it is rejected, a stable word such as <c>malformed</c>; null when it is not.</summary>
    public string? Reason { get; }

    /// <summary>The reason in words for a person; null when the word says it all.</summary>
    public string? Error { get; }

    public bool IsFiltered { get; }

    /// <summary>The id of a schema that must be known before anything can be said of the record; null when that is not so.</summary>
    public int? AwaitedSchema { get; private init; }

    public bool IsTaken => Reason is null && !IsFiltered && AwaitedSchema is null;

    /// <summary>The record can only be read with a schema that is not known yet: it is held until it is.</summary>
    /// <param name="id">The schema's id in the registry.</param>
    public static Decoding Awaits(int id) => new() { AwaitedSchema = id };

    /// <summary>It goes to the dead-letter topic.</summary>
    /// <param name="reason">A stable word: lower case, hyphens.</param>
    /// <param name="error">A sentence for a person.</param>
    public static Decoding Rejected(string reason, string? error = null) => new(reason, error, isFiltered: false);

    /// <summary>Code of the pipeline's definition threw on this event: rejected, with the exception's type and message.</summary>
    internal static Decoding Failed(Exception e) => Rejected(FailedReason, $"{e.GetType().FullName}: {e.Message}");

    /// <summary>
    /// Whether an exception of such code says something about the event. Want of memory does not: another attempt may have enough. Cancellation is not special:
    /// lambdas get no token of ours.
    /// </summary>
    internal static bool IsOfEvent(Exception e) => e is not OutOfMemoryException;
}
