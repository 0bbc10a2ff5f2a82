using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>
/// The shell around <see cref="TransactionMachine"/>: a lock for each transactional id, the journal, the clock, and the markers. What decides the end of
/// a transaction is durable before the first marker, and a marker lies in every partition before the end is durable; so a crash at any point is made
/// good at the next start. Locks are taken in this order: a transactional id's, then a partition's, a group's or the journal's.
/// </summary>
internal sealed partial class TransactionCoordinator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TransactionalProducer> _producers = new(StringComparer.Ordinal);
    private readonly Lock _beginning = new();
    private readonly TransactionSettings _settings;
    private readonly TransactionStore _store;
    private readonly ITransactionOutcome _outcome;
    private readonly ProducerIds _producerIds;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _ticking;

    /// <summary>Takes over the store, and ends the transactions whose end was decided before the broker stopped.</summary>
    public TransactionCoordinator(
        TransactionSettings settings, TransactionStore store, ITransactionOutcome outcome, ProducerIds producerIds, TimeProvider time,
        ILogger<TransactionCoordinator> logger)
    {
        (_settings, _store, _outcome, _producerIds, _time, _logger) = (settings, store, outcome, producerIds, time, logger);
        foreach (var (id, state) in store.All())
        {
            _producers[id] = new TransactionalProducer(id, state);
        }

        OnTick();
        _timer = time.CreateTimer(
            static self => ((TransactionCoordinator)self!).OnTick(), this, TransactionSettings.TickInterval, TransactionSettings.TickInterval);
    }

    /// <summary>Makes the caller the one producer of the id, in a new epoch or with a new producer id.</summary>
    public (ErrorCode Error, ProducerIdentity Producer) Init(string id, ProducerIdentity claimed, TimeSpan timeout)
    {
        if (id.Length is 0 or > TransactionSettings.MaxNameLength)
        {
            return (ErrorCode.InvalidRequest, ProducerIdentity.None);
        }

        while (true)
        {
            if (FindOrBegin(id) is not { } producer)
            {
                return (ErrorCode.PolicyViolation, ProducerIdentity.None);
            }

            lock (producer.Gate)
            {
                if (!producer.IsForgotten)
                {
                    return Init(producer, claimed, timeout);
                }
            }
        }
    }

    /// <summary>Feeds an input of a producer that has its id already.</summary>
    public ErrorCode Ask(string id, TransactionInput input)
    {
        if (!_producers.TryGetValue(id, out var producer))
        {
            return ErrorCode.InvalidProducerIdMapping;
        }

        lock (producer.Gate)
        {
            return Feed(producer, input);
        }
    }

    /// <summary>Does something that belongs to a transaction, which cannot end meanwhile; not done if the producer may not.</summary>
    /// <returns>Why the producer may not, else what <paramref name="act"/> gives.</returns>
    public ErrorCode WithinTransaction(string id, TransactionInput.Verify verify, Func<ErrorCode> act)
    {
        if (!_producers.TryGetValue(id, out var producer))
        {
            return ErrorCode.InvalidProducerIdMapping;
        }

        lock (producer.Gate)
        {
            var error = TransactionMachine.Decide(producer.State, verify, _settings, _time.GetUtcNow()).Error;
            return error == ErrorCode.None ? act() : error;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false); // waits for a tick under way
        _store.Dispose();
    }

    private (ErrorCode Error, ProducerIdentity Producer) Init(TransactionalProducer producer, ProducerIdentity claimed, TimeSpan timeout)
    {
        try
        {
            var error = ErrorCode.ConcurrentTransactions;
            // Once more if a former transaction was aborted for it and that is done already: the client need not ask again.
            for (var attempt = 0; attempt < 2 && error == ErrorCode.ConcurrentTransactions && producer.State is not { IsPrepared: true }; attempt++)
            {
                var fresh = producer.State is null or { IsEpochExhausted: true } ? _producerIds.Next() : ProducerIdentity.None.Id;
                error = Feed(producer, new TransactionInput.Init(claimed, timeout, fresh));
            }

            return (error, error == ErrorCode.None ? producer.State!.Producer : ProducerIdentity.None);
        }
        catch (Exception problem) when (problem.IsDiskTrouble())
        {
            Log.TransactionRefused(_logger, producer.Id, problem);
            return (ErrorCode.CoordinatorNotAvailable, ProducerIdentity.None);
        }
        finally
        {
            if (producer.State is null)
            {
                Remove(producer);
            }
        }
    }

    private TransactionalProducer? FindOrBegin(string id)
    {
        lock (_beginning)
        {
            return _producers.TryGetValue(id, out var known) ? known
                : _producers.Count < _settings.MaxIds ? _producers[id] = new TransactionalProducer(id, null)
                : null;
        }
    }

    private void Remove(TransactionalProducer producer)
    {
        producer.IsForgotten = true;
        producer.State = null; // whoever waits for its lock finds an id that is unknown
        _producers.TryRemove(producer.Id, out _);
    }
}
