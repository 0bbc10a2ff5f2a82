using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// Keeps a generation behind the former one, partition by partition (<see cref="Trail"/>), for as long as the former has something to say. Without a former
/// generation everything is allowed. Consumer's thread.
/// </summary>
internal sealed class Following(TrailStore? store, Assignments assignments, Mailbox mailbox, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    /// <summary>How often the former generation is looked at.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private bool _isAsking;
    private long _askedAt;

    /// <summary>Whether the record, or the end, at <paramref name="offset"/> may be taken now. What may not is fetched again later.</summary>
    public bool Admits(AssignedPartition partition, long offset, bool isEnd)
    {
        if (store is null || (partition.Trail is { } trail && (isEnd ? offset <= trail.Limit : offset < trail.Limit) && !partition.IsHeld))
        {
            return true;
        }

        partition.IsHeld = true;
        return false;
    }

    /// <summary>
    /// What has arrived lies beyond the limit, and nothing of what lies before it: the log has only holes up to there (transaction markers). The limit is then as far
    /// as this generation has read; null when there is no such hole.
    /// </summary>
    public long? HoleUpTo(AssignedPartition partition, long offset, bool isEnd) =>
        store is not null && partition is { Trail: { } trail, Reader: { } reader, IsHeld: false } && reader.ReadOffset < trail.Limit
        && (isEnd ? offset > trail.Limit : offset >= trail.Limit) ? trail.Limit : null;

    /// <summary>Applies the marks that come before the record at <paramref name="offset"/>.</summary>
    public static void ApplyMarks(AssignedPartition partition, long offset)
    {
        while (partition.Trail is { } trail && trail.TryTake(offset, out var mark))
        {
            partition.Reader!.Repeat(mark);
        }
    }

    public bool MayUseClock(AssignedPartition partition) => store is null || partition is { Trail: { } trail, Reader: { } reader } && trail.MayUseClock(reader.ReadOffset);

    /// <summary>Asks about the former generation when it is time, and lets held partitions go on. Not to be called inside a rebalance handler.</summary>
    public void Look(IConsumer<byte[], byte[]> consumer, bool isReadingPaused)
    {
        if (store is null)
        {
            return;
        }

        foreach (var partition in assignments.Running)
        {
            partition.Trail ??= new Trail(partition.Reader!.ReadOffset);
            ApplyMarks(partition, partition.Reader!.ReadOffset);
            if (partition.IsHeld && !isReadingPaused && !partition.IsBroken)
            {
                Hold(consumer, partition);
            }
        }

        if (!_isAsking && time.GetElapsedTime(_askedAt) >= Interval)
        {
            Ask();
        }
    }

    private void Hold(IConsumer<byte[], byte[]> consumer, AssignedPartition partition)
    {
        var (trail, reader) = (partition.Trail!, partition.Reader!);
        if (reader.ReadOffset < trail.Limit)
        {
            var position = new TopicPartitionOffset(partition.TopicPartition, reader.ReadOffset);
            (partition.IsHeld, partition.IsSilenced, partition.Idle) = (false, false, new IdleState());
            partition.IsBroken = !ClientPosition.TryStart(consumer, position, isOverdue: false, logger);
        }
        else if (!partition.IsSilenced)
        {
            partition.IsSilenced = true;
            ClientPosition.Pause(consumer, partition.TopicPartition, logger);
        }
    }

    private void Ask()
    {
        _askedAt = time.GetTimestamp();
        var asked = assignments.Running.Where(partition => partition.Trail is { IsComplete: false }).Select(partition => (Partition: partition, Trail: partition.Trail!)).ToList();
        if (asked.Count == 0)
        {
            return;
        }

        var questions = asked.ConvertAll(a => new TrailQuestion(a.Partition.Reader!.Partition.TopicId, a.Partition.Number, a.Trail.AskFrom));
        _isAsking = true;
        mailbox.Run(
            cancellationToken => AskAsync(questions, cancellationToken),
            answers =>
            {
                _isAsking = false;
                for (var i = 0; answers is not null && i < asked.Count; i++)
                {
                    var (partition, trail) = asked[i];
                    if (partition.Trail == trail && partition.Reader is { } reader)
                    {
                        trail.Learn(answers[(questions[i].TopicId, questions[i].Partition)], reader.ReadOffset);
                    }
                }
            },
            stopping);
    }

    private async Task<IReadOnlyDictionary<(Guid, int), TrailNews>?> AskAsync(IReadOnlyList<TrailQuestion> questions, CancellationToken cancellationToken)
    {
        try
        {
            return await store!.AskAsync(questions, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
        {
            // Checkpoints report that PostgreSQL is away. Until there is news nothing more is read.
            return null;
        }
    }
}
