using Confluent.Kafka;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Consuming;

/// <summary>Records that wait for evicted rows, or until the changes are taken, and what comes behind them: in order, since each may change what becomes of the next.</summary>
internal sealed partial class PartitionReader
{
    private readonly Queue<WaitingInput> _waiting = [];

    /// <summary>Bytes of records that have been read and wait.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>Records that have been read and wait for evicted rows, or until the changes are taken.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Whether no record can be taken before the changes are.</summary>
    public bool MustTake => _engine.MustTake;

    /// <summary>Takes what waits, in order, as far as nothing of it has to wait any longer.</summary>
    /// <param name="most">How many at the most.</param>
    public void TakeWaiting(int most)
    {
        while (most-- > 0 && _waiting.TryPeek(out var first) && TryTake(first))
        {
            _waiting.Dequeue();
            WaitingBytes -= first.Bytes;
        }
    }

    private bool TryTake(WaitingInput input)
    {
        if (input.Record is null)
        {
            ApplyIfLater(input.Mark);
            return true;
        }

        var decoding = Decode(input.Record);
        if (decoding.AwaitedSchema is { } id)
        {
            // It was known when the record came, and has been forgotten since.
            Schemas!.Await(id, TimeSpan.Zero);
            return false;
        }

        return TryTake(input.Record, decoding);
    }

    /// <summary>The keys that waiting records need; none while only a take helps.</summary>
    /// <param name="mostRecords">How many of the first records are looked at.</param>
    /// <param name="mostRows">How many rows the keys may have together; one key there is in any case.</param>
    public IReadOnlyList<WantedKey> TakeWanted(int mostRecords, long mostRows)
    {
        if (_engine.MustTake)
        {
            return [];
        }

        foreach (var waiting in _waiting.Take(mostRecords))
        {
            if (_engine.WantedRows >= mostRows)
            {
                break;
            }

            if (waiting.Record is { } record && Decode(record).IsTaken)
            {
                _engine.Wants(_reader.Key, _reader.ValuesAt(record.Offset.Value));
            }
        }

        return _engine.TakeWanted();
    }

    /// <summary>Brings back the keys that <see cref="TakeWanted"/> named.</summary>
    public void Bring(IReadOnlyList<WantedKey> wanted, IReadOnlyList<WindowRow> rows) => _engine.Bring(wanted, rows);

    private void Wait(WaitingInput input)
    {
        _waiting.Enqueue(input);
        WaitingBytes += input.Bytes;
    }

    /// <summary>A record, or a mark between two records, that has been read and is not in the windows yet.</summary>
    private readonly record struct WaitingInput(long Offset, ConsumeResult<byte[], byte[]>? Record, IdleMark Mark)
    {
        /// <summary>About what it takes in memory.</summary>
        public long Bytes => 400 + (Record?.Message is { } message ? (message.Key?.Length ?? 0) + (message.Value?.Length ?? 0) : 0);
    }
}
