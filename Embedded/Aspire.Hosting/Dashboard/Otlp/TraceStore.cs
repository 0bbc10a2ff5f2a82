using System.Runtime.InteropServices;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>A trace with those that led to it and those that came of it, by the links between their spans.</summary>
internal sealed record TraceView(SpanRecord[] Spans, List<SpanRecord[]> Before, List<SpanRecord[]> After);

/// <summary>The newest spans, found by their trace and by what links to them. Not thread-safe.</summary>
internal sealed class TraceStore
{
    private const int MaxLinkedTraces = 24;
    private readonly Dictionary<UInt128, List<SpanRecord>> _traces = [];
    private readonly Dictionary<SpanKey, SpanRecord> _byKey = [];
    private readonly Dictionary<SpanKey, List<SpanRecord>> _linking = [];

    public TraceStore(Bound bound) => Kept = new(bound, Forget);

    public BoundedQueue<SpanRecord> Kept { get; }

    /// <summary>An exporter that heard no answer sends again: a span is kept once. True, for that is well.</summary>
    public bool Add(SpanRecord span, int bytes)
    {
        if (_byKey.TryAdd(span.Key, span))
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_traces, span.Key.TraceId, out _) ??= []).Add(span);
            Array.ForEach(span.Links, link => (CollectionsMarshal.GetValueRefOrAddDefault(_linking, link, out _) ??= []).Add(span));
            Kept.Add(span, bytes);
        }

        return true;
    }

    public SpanRecord? Find(SpanKey key) => _byKey.GetValueOrDefault(key);

    /// <summary>The spans that link to one.</summary>
    public SpanRecord[] LinkingTo(SpanKey key) => _linking.TryGetValue(key, out var spans) ? [.. spans] : [];

    /// <summary>The newest traces of which something is true, newest first.</summary>
    public List<SpanRecord[]> Newest(Func<SpanRecord[], bool> filter, int count) =>
        [.. _traces.Values.OrderByDescending(spans => spans[^1].End).Select(spans => spans.ToArray()).Where(filter).Take(count)];

    public TraceView? View(UInt128 traceId) => !_traces.TryGetValue(traceId, out var spans) ? null : new TraceView(
        [.. spans], Linked(traceId, span => span.Links.Select(link => link.TraceId)), Linked(traceId, span => LinkingTo(span.Key).Select(linking => linking.Key.TraceId)));

    /// <summary>Follows links in one direction only: a batch's other members have nothing to do with one of them.</summary>
    private List<SpanRecord[]> Linked(UInt128 traceId, Func<SpanRecord, IEnumerable<UInt128>> follow)
    {
        var seen = new HashSet<UInt128> { traceId };
        var open = new Queue<UInt128>([traceId]);
        var found = new List<SpanRecord[]>();
        while (open.TryDequeue(out var from))
        {
            foreach (var next in _traces[from].SelectMany(follow).Where(id => _traces.ContainsKey(id) && seen.Add(id)).Take(MaxLinkedTraces - found.Count))
            {
                found.Add([.. _traces[next]]);
                open.Enqueue(next);
            }
        }

        return found;
    }

    /// <summary>The oldest span of all is the oldest of its trace and of those that link to the same span.</summary>
    private void Forget(SpanRecord span)
    {
        _byKey.Remove(span.Key);
        RemoveFirst(_traces, span.Key.TraceId);
        Array.ForEach(span.Links, link => RemoveFirst(_linking, link));
    }

    private static void RemoveFirst<TKey>(Dictionary<TKey, List<SpanRecord>> lists, TKey key) where TKey : notnull
    {
        lists[key].RemoveAt(0);
        _ = lists[key].Count > 0 || lists.Remove(key);
    }
}
