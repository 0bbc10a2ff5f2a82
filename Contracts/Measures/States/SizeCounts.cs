namespace Streaming.Contracts.Measures;

/// <summary>
/// How many values lie in each of the <see cref="SizeBuckets"/>: all of a field's quantiles are read from it. Counts are never collapsed, so the error
/// bound holds for every quantile. Buckets that hold nothing are not kept: 10 bytes for each one that does, 7,424 of them at the very most.
/// </summary>
internal sealed class SizeCounts : StatePart
{
    private const int MostBuckets = SizeBuckets.Largest - SizeBuckets.Smallest + 1;

    // Ascending, side by side; the first _used are in use.
    private short[] _buckets = [];
    private long[] _counts = [];
    private int _used;

    public override int ApproximateBytes => 88 + ((sizeof(short) + sizeof(long)) * _buckets.Length);

    /// <summary>How many values there are.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            foreach (long count in _counts.AsSpan(0, _used))
            {
                total = checked(total + count);
            }

            return total;
        }
    }

    public override void Add(long value, in EventValues e) => Add(value, 1);

    /// <summary>Adds a value so many times.</summary>
    public void Add(long value, long count)
    {
        var bucket = (short)SizeBuckets.Of(value);
        int at = _buckets.AsSpan(0, _used).BinarySearch(bucket);
        if (at < 0)
        {
            at = ~at;
            Insert(at, bucket);
        }

        _counts[at] += count;
    }

    public override void Merge(StatePart other)
    {
        var counts = (SizeCounts)other;
        var merged = new SizeCounts { _buckets = new short[_used + counts._used], _counts = new long[_used + counts._used] };
        int mine = 0, its = 0;
        while (mine < _used || its < counts._used)
        {
            int order = mine == _used ? 1 : its == counts._used ? -1 : _buckets[mine].CompareTo(counts._buckets[its]);
            short bucket = order <= 0 ? _buckets[mine] : counts._buckets[its];
            long count = checked((order <= 0 ? _counts[mine++] : 0) + (order >= 0 ? counts._counts[its++] : 0));
            merged.Append(bucket, count);
        }

        (_buckets, _counts, _used) = (merged._buckets, merged._counts, merged._used);
    }

    public override StatePart Clone() => new SizeCounts { _buckets = [.. _buckets], _counts = [.. _counts], _used = _used };

    /// <summary>The number of buckets; for each, how far it lies beyond the one before (the first: beyond the smallest there is), and its count.</summary>
    public override void Write(StateWriter writer)
    {
        writer.Unsigned((ulong)_used);
        int previous = SizeBuckets.Smallest;
        for (int i = 0; i < _used; i++)
        {
            writer.Unsigned((ulong)(_buckets[i] - previous));
            writer.Unsigned((ulong)_counts[i]);
            previous = _buckets[i];
        }
    }

    public override void Read(ref StateReader reader)
    {
        int used = reader.Length(MostBuckets, bytesEach: 2);
        (_buckets, _counts) = (new short[used], new long[used]);
        long total = 0;
        int bucket = SizeBuckets.Smallest;
        for (int i = 0; i < used; i++)
        {
            ulong beyond = reader.Unsigned();
            StateReader.Demand((i == 0 || beyond > 0) && beyond <= (ulong)(SizeBuckets.Largest - bucket), "its sizes do not ascend");
            bucket += (int)beyond;
            long count = reader.Count();
            total += count;
            StateReader.Demand(count > 0 && total <= MaxCount, "a size is counted wrongly");
            Append((short)bucket, count);
        }
    }

    /// <summary>
    /// The value of rank ⌊q·(n − 1)⌋ of the n sorted values (ranks from 0), to within <see cref="SizeBuckets"/>' error; null when there are none.
    /// </summary>
    /// <param name="quantile">Between 0 and 1. Taken as the decimal that it was written as, so that 0.29 of 101 values is rank 29.</param>
    public double? Quantile(double quantile)
    {
        long total = Total;
        if (total == 0)
        {
            return null;
        }

        var rank = (long)decimal.Floor((decimal)quantile * (total - 1));
        int at = 0;
        for (long passed = _counts[0]; passed <= rank; passed += _counts[++at])
        {
        }

        return SizeBuckets.Representative(_buckets[at]);
    }

    private void Insert(int at, short bucket)
    {
        if (_used == _buckets.Length)
        {
            int larger = Math.Max(4, _used + (_used / 2));
            Array.Resize(ref _buckets, larger);
            Array.Resize(ref _counts, larger);
        }

        _buckets.AsSpan(at, _used - at).CopyTo(_buckets.AsSpan(at + 1));
        _counts.AsSpan(at, _used - at).CopyTo(_counts.AsSpan(at + 1));
        _buckets[at] = bucket;
        _counts[at] = 0;
        _used++;
    }

    private void Append(short bucket, long count)
    {
        _buckets[_used] = bucket;
        _counts[_used++] = count;
    }
}
