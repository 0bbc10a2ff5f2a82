using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Streaming.Tests.Oracle;

/// <summary>
/// One record of the topic <c>device-events</c> as the oracle sees it: read with a JSON parser and rules of its own, not with the product's codec, so that a mistake
/// there cannot hide itself.
/// </summary>
internal sealed record HeartbeatRecord(int Partition, long Offset, string Device, string Site, decimal Temperature, decimal Battery, long TimeMs, bool IsGood)
{
    private const long FutureBoundMs = 60_000;

    public static HeartbeatRecord From(ConsumeResult<byte[], byte[]> record)
    {
        var bad = new HeartbeatRecord(record.Partition, record.Offset, "", "", 0, 0, 0, IsGood: false);
        try
        {
            using var json = JsonDocument.Parse(record.Message.Value ?? []);
            var root = json.RootElement;
            var (device, site) = (root.GetProperty("device_id").GetString()!, root.GetProperty("site").GetString()!);
            var (temperature, battery, time) = (root.GetProperty("temperature").GetDecimal(), root.GetProperty("battery").GetDecimal(), root.GetProperty("ts").GetInt64());
            var isGood = record.Message.Key is { } key && Encoding.UTF8.GetString(key) == device && device.Contains('-', StringComparison.Ordinal)
                && device[..device.LastIndexOf('-')] == site && site.Length > 0
                && temperature is >= -60 and <= 125 && battery is >= 0 and <= 100 && time <= record.Message.Timestamp.UnixTimestampMs + FutureBoundMs;
            return isGood ? new(record.Partition, record.Offset, device, site, temperature, battery, time, IsGood: true) : bad;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return bad;
        }
    }
}

/// <summary>A window with the list of its events, before anything is computed of them.</summary>
internal sealed record HeartbeatWindow(string Kind, int Partition, long StartMs, long EndMs, string Key, IReadOnlyList<HeartbeatRecord> Events, bool IsFinal)
{
    public HeartbeatRecord Last => Events.OrderBy(e => e.TimeMs).ThenBy(e => e.Offset).Last();

    /// <summary>The value of rank ⌊0.95·(n − 1)⌋.</summary>
    public decimal P95 => Events.Select(e => e.Temperature).Order().ElementAt((int)decimal.Floor(0.95m * (Events.Count - 1)));

    public int Devices => Events.Select(e => e.Device).Distinct().Count();
}

/// <summary>
/// The rules of docs/semantics.md for several kinds of windows at once in the most naive form: each partition in the order of its offsets; an event goes into every
/// kind's window that is open, and is late when none is.
/// </summary>
internal sealed class NaiveHeartbeats(Func<HeartbeatRecord, string> keyOf, IReadOnlyDictionary<string, long> tumblingMs, (string Kind, long GapMs)? sessions)
{
    private const long OutOfOrdernessMs = 5_000;
    private const long GraceMs = 10_000;

    private readonly Dictionary<string, List<Held>> _held = [];
    private long? _watermark;

    public List<HeartbeatWindow> Windows { get; } = [];

    public int Late { get; private set; }

    public int Rejected { get; private set; }

    public int Taken { get; private set; }

    /// <summary>How often an event joined two sessions.</summary>
    public int Joins { get; private set; }

    /// <summary>Walks all partitions.</summary>
    public NaiveHeartbeats Walk(IEnumerable<HeartbeatRecord> records, IReadOnlyCollection<Mark> marks)
    {
        foreach (var partition in records.GroupBy(record => record.Partition))
        {
            (_watermark, var waiting) = ((long?)null, new Queue<Mark>(marks.Where(mark => mark.Partition == partition.Key).OrderBy(mark => mark.NextOffset).ThenBy(mark => mark.WatermarkMs)));
            foreach (var record in partition.OrderBy(record => record.Offset))
            {
                Advance(waiting, record.Offset);
                Take(record);
            }

            Advance(waiting, long.MaxValue);
            Windows.AddRange(_held.Values.SelectMany(held => held).Select(held => new HeartbeatWindow(held.Kind, partition.Key, held.StartMs, held.EndMs, held.Key, held.Events, IsClosed(held.EndMs))));
            _held.Clear();
        }

        return this;
    }

    private void Advance(Queue<Mark> marks, long offset)
    {
        while (marks.TryPeek(out var mark) && mark.NextOffset <= offset)
        {
            _watermark = Math.Max(_watermark ?? long.MinValue, marks.Dequeue().WatermarkMs);
        }
    }

    private void Take(HeartbeatRecord record)
    {
        if (!record.IsGood)
        {
            Rejected++;
            return;
        }

        var key = keyOf(record);
        var isTaken = sessions is { } s && InSession(s.Kind, s.GapMs, key, record);
        foreach (var (kind, sizeMs) in tumblingMs)
        {
            var start = record.TimeMs - (((record.TimeMs % sizeMs) + sizeMs) % sizeMs);
            isTaken |= InWindow(kind, start, start + sizeMs, key, record);
        }

        Taken += isTaken ? 1 : 0;
        Late += isTaken ? 0 : 1;
        _watermark = isTaken ? Math.Max(_watermark ?? long.MinValue, record.TimeMs - OutOfOrdernessMs) : _watermark;
    }

    private bool InWindow(string kind, long startMs, long endMs, string key, HeartbeatRecord record)
    {
        if (IsClosed(endMs))
        {
            return false;
        }

        var held = Of(key).Find(h => h.Kind == kind && h.StartMs == startMs);
        if (held is null)
        {
            Of(key).Add(held = new Held(kind, startMs, endMs, key, []));
        }

        held.Events.Add(record);
        return true;
    }

    private bool InSession(string kind, long gapMs, string key, HeartbeatRecord record)
    {
        var (start, end) = (record.TimeMs, record.TimeMs + gapMs);
        var joined = Of(key).FindAll(h => h.Kind == kind && !IsClosed(h.EndMs) && h.StartMs < end && start < h.EndMs);
        if (joined.Count == 0 && IsClosed(end))
        {
            return false;
        }

        Joins += joined.Count > 1 ? 1 : 0;
        Of(key).RemoveAll(joined.Contains);
        Of(key).Add(new Held(
            kind, joined.Select(h => h.StartMs).Append(start).Min(), joined.Select(h => h.EndMs).Append(end).Max(), key, [.. joined.SelectMany(h => h.Events), record]));
        return true;
    }

    private List<Held> Of(string key) => _held.TryGetValue(key, out var held) ? held : _held[key] = [];

    private bool IsClosed(long endMs) => _watermark >= endMs + GraceMs;

    private sealed record Held(string Kind, long StartMs, long EndMs, string Key, List<HeartbeatRecord> Events);
}
