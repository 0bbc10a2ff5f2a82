namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>
/// Every transactional id's state as it is on the disk, in a journal that is written before anybody is told. Members may be called from any thread,
/// those of one id in turn.
/// </summary>
internal sealed class TransactionStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TransactionState> _states = new(StringComparer.Ordinal);
    private readonly Journal _journal;
    private long _weight;

    public TransactionStore(string path, bool fsync)
    {
        _journal = Journal.Open(path, fsync, bytes => TransactionEntry.TryApply(bytes, _states));
        _weight = _states.Values.Sum(static state => (long)state.Weight);
    }

    /// <summary>What all transactions together hold (see <see cref="TransactionState.Weight"/>).</summary>
    public long Weight => Volatile.Read(ref _weight);

    public List<KeyValuePair<string, TransactionState>> All()
    {
        lock (_gate)
        {
            return [.. _states];
        }
    }

    /// <exception cref="IOException">The disk refuses; nothing has changed.</exception>
    public void Save(string id, TransactionState next)
    {
        lock (_gate)
        {
            var former = _states.GetValueOrDefault(id);
            _journal.Append(TransactionEntry.Encode(id, former, next));
            _weight += next.Weight - (former?.Weight ?? 0);
            _states[id] = next;
            RewriteIfOutdated();
        }
    }

    /// <exception cref="IOException">The disk refuses; nothing has changed.</exception>
    public void Forget(string id)
    {
        lock (_gate)
        {
            _journal.Append([TransactionEntry.Forget(id)]);
            _weight -= _states.Remove(id, out var former) ? former.Weight : 0;
            RewriteIfOutdated();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _journal.Dispose();
        }
    }

    private void RewriteIfOutdated()
    {
        if (_journal.IsMostlyOutdated)
        {
            _journal.Rewrite([.. _states.SelectMany(static s => TransactionEntry.Encode(s.Key, null, s.Value))]);
        }
    }
}
