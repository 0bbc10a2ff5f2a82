using System.Collections.Concurrent;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// What a compacted topic says now: the newest row of each key. Filled and kept up by one thread (<see cref="ReferenceReader"/>), asked by another. It is
/// whole once the topic has been read to its end for the first time.
/// </summary>
public abstract class ReferenceTable
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the topic has been read to its end for the first time.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Keys in the table.</summary>
    public abstract int Count { get; }

    /// <summary>The topic is read from its beginning; what was known before stays in force until its end is reached.</summary>
    internal abstract void BeginLoad();

    /// <summary>The topic's end is reached: what has been read is in force.</summary>
    internal virtual void EndLoad() => _loaded.TrySetResult();

    /// <summary>Takes one record; a null value removes the key. False, with the reason, when it is no row: the former one stays.</summary>
    internal abstract bool TryApply(byte[] key, byte[]? value, out string? problem);
}

/// <summary>A table of rows of one type.</summary>
/// <param name="decode">Reads a row; null with the reason when it is none.</param>
internal sealed class ReferenceTable<TRow>(RowDecoder<TRow> decode) : ReferenceTable
    where TRow : class
{
    private volatile ConcurrentDictionary<GroupKey, TRow> _rows = new(GroupKeyComparer.Instance);
    private ConcurrentDictionary<GroupKey, TRow>? _loading;

    public override int Count => _rows.Count;

    public TRow? Find(ReadOnlySpan<byte> key) => _rows.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var row) ? row : null;

    internal override void BeginLoad() => _loading = new ConcurrentDictionary<GroupKey, TRow>(GroupKeyComparer.Instance);

    internal override void EndLoad()
    {
        _rows = _loading ?? _rows;
        _loading = null;
        base.EndLoad();
    }

    internal override bool TryApply(byte[] key, byte[]? value, out string? problem)
    {
        problem = null;
        if (value is null)
        {
            (_loading ?? _rows).TryRemove(new GroupKey(key), out _);
            return true;
        }

        if (Decode(key, value, out problem) is not { } row)
        {
            return false;
        }

        (_loading ?? _rows)[new GroupKey(key)] = row;
        return true;
    }

    private TRow? Decode(byte[] key, byte[] value, out string? problem)
    {
        try
        {
            return decode(key, value, out problem);
        }
        catch (Exception e) when (Decoding.IsOfEvent(e))
        {
            problem = Decoding.Failed(e).Error;
            return null;
        }
    }
}

/// <summary>Reads a row of a reference topic; null with the reason in <paramref name="problem"/> when it is none.</summary>
public delegate TRow? RowDecoder<TRow>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out string? problem)
    where TRow : class;
