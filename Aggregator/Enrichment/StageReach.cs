namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// Until when everything that came into a stage's source has been published. A busy source always has something that the stage has not come to yet, so what is asked
/// for is not whether nothing is left: the ends of the source's logs are remembered, and once the stage's progress has passed them, all that came before they were
/// asked for is published. Shared by threads; asks no more often than the interval, whoever wants to know.
/// </summary>
/// <param name="source">The topic that the stage reads.</param>
/// <param name="group">The stage's consumer group, whose progress is written with what is published.</param>
/// <param name="isRunHere">Whether this process runs the stage. Another's that has never committed anything is none of this installation's.</param>
internal sealed class StageReach(string source, string group, bool isRunHere, IStageProgressQuery query, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _until = DateTimeOffset.MinValue;
    private bool _isAnothers;
    private bool _isJudged;
    private (DateTimeOffset Covers, IReadOnlyDictionary<int, StagePosition> At)? _awaited;
    private Task _asking = Task.CompletedTask;
    private long? _askedAt;

    /// <summary>The moment; null while nothing is known, since that the ends are not reached at the first look says nothing of a busy source.</summary>
    /// <param name="before">Until when everything is in the source, which other stages may publish.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Confluent.Kafka.KafkaException">It cannot be known now.</exception>
    public async Task<DateTimeOffset?> UntilAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await Asking(before).WaitAsync(cancellationToken);
        lock (_gate)
        {
            return _isAnothers ? DateTimeOffset.MaxValue : _isJudged ? _until : null;
        }
    }

    /// <summary>The question under way, whose answer is for everybody who waits; a new one when it is time.</summary>
    private Task Asking(DateTimeOffset before)
    {
        lock (_gate)
        {
            if (_asking.IsCompleted && (_askedAt is not { } asked || time.GetElapsedTime(asked) >= interval))
            {
                _askedAt = time.GetTimestamp();
                _asking = AskAsync(before);
            }

            return _asking;
        }
    }

    private async Task AskAsync(DateTimeOffset before)
    {
        var now = time.GetUtcNow();
        // Its requests have limits of their own.
        var found = await query.AskAsync(source, group, CancellationToken.None);
        lock (_gate)
        {
            Learn(now < before ? now : before, found);
        }
    }

    private void Learn(DateTimeOffset covers, IReadOnlyDictionary<int, StagePosition> found)
    {
        _isAnothers = !isRunHere && found.Values.All(position => !position.HasProgress);
        if (HasPassed(found, found))
        {
            Reach(covers);
            _awaited = null;
        }
        else if (_awaited is not { } awaited)
        {
            _awaited = (covers, found);
        }
        else if (HasPassed(found, awaited.At))
        {
            Reach(awaited.Covers);
            _awaited = (covers, found);
        }
        else
        {
            _isJudged = true;
        }
    }

    private void Reach(DateTimeOffset covers)
    {
        _isJudged = true;
        _until = covers > _until ? covers : _until;
    }

    private static bool HasPassed(IReadOnlyDictionary<int, StagePosition> found, IReadOnlyDictionary<int, StagePosition> ends) =>
        ends.All(end => found.TryGetValue(end.Key, out var now) && now.NextOffset >= end.Value.End);
}
