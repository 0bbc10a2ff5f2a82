using Streaming.Contracts.Formats;
using Streaming.Producer.Import.Events;

namespace Streaming.Producer.Import;

/// <summary>What the input is written in.</summary>
public enum InputFormat
{
    /// <summary>Comma-separated values (RFC 4180) with a header line.</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    Ndjson,
}

/// <summary>What happens at a record that cannot be read.</summary>
public enum OnError
{
    /// <summary>The import ends; nothing behind the record is sent.</summary>
    Stop,

    /// <summary>The record is counted, put aside, and passed over.</summary>
    Skip,
}

/// <summary>What the records' own timestamps say.</summary>
public enum RecordTime
{
    /// <summary>When the event happened.</summary>
    Event,

    /// <summary>When the record was sent.</summary>
    Now,
}

/// <summary>What <c>import</c> was asked for.</summary>
public sealed record ImportOptions
{
    /// <summary>The file; <c>-</c> for standard input.</summary>
    public required string File { get; init; }

    /// <summary>Whether the input is standard input.</summary>
    public bool IsStandardInput => File == "-";

    /// <summary>The topic that the events go to.</summary>
    public required string Topic { get; init; }

    /// <summary>The field that gives the record's key; null for records without key.</summary>
    public string? KeyField { get; init; }

    /// <summary>How the key is written.</summary>
    public ValueFormat KeyFormat { get; init; } = ValueFormats.String;

    /// <summary>The field that says when the event happened.</summary>
    public required string TimeField { get; init; }

    /// <summary>How that field is read.</summary>
    public EventTimeFormat TimeFormat { get; init; } = EventTimeFormat.Iso(TimeZoneInfo.Utc);

    /// <summary>A field that is added with the event time in ISO 8601, UTC; null for none.</summary>
    public string? TimeOut { get; init; }

    /// <summary>What the records' own timestamps say.</summary>
    public RecordTime RecordTime { get; init; }

    /// <summary>How the input is written.</summary>
    public InputFormat Format { get; init; }

    /// <summary>The input's encoding; null for UTF-8, or what a byte order mark says.</summary>
    public System.Text.Encoding? Encoding { get; init; }

    /// <summary>What divides the columns; null to find it out from the first lines.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether cells in quotes may hold line breaks.</summary>
    public bool HasLineBreaksInCells { get; init; } = true;

    /// <summary>Columns whose cells stay text whatever they look like, by their name in the file.</summary>
    public IReadOnlySet<string> TextColumns { get; init; } = new HashSet<string>();

    /// <summary>New names of fields, by their name in the file.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields that every event gets, with their JSON.</summary>
    public IReadOnlyDictionary<string, string> Constants { get; init; } = new Dictionary<string, string>();

    /// <summary>What happens at a record that cannot be read.</summary>
    public OnError OnError { get; init; }

    /// <summary>Where records that cannot be read are written; null for nowhere.</summary>
    public string? Rejects { get; init; }

    /// <summary>The line at which to begin, counted from 1; a header is read in any case.</summary>
    public long FromLine { get; init; } = 1;

    /// <summary>Records per second at most; null for as fast as it goes.</summary>
    public double? Rate { get; init; }

    /// <summary>The number of partitions of a topic that may be created when it is missing; null when it may not.</summary>
    public int? CreatePartitions { get; init; }

    /// <summary>How long the client tries to deliver a record.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
