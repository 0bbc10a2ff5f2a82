namespace Streaming.Aggregator.Outbox;

/// <summary>What one transaction carries.</summary>
/// <param name="Rows">To be sent, in order within each partition.</param>
/// <param name="Cursors">The new cursor of each partition in it: all rows up to there are sent, or parked.</param>
internal sealed record RelayBatch(IReadOnlyList<RelayRow> Rows, IReadOnlyDictionary<OutboxPartition, long> Cursors)
{
    public bool IsEmpty => Cursors.Count == 0;

    /// <summary>
    /// Chooses from rows that were read. What lies at or before the cursor is passed over, parked rows move only the cursor. A suspect (a row of a refused
    /// batch) travels alone, so that a refusal says which row it means; the rows behind it wait.
    /// </summary>
    /// <param name="read">In order of partition and number, each partition from its first row on.</param>
    /// <param name="cursors">How far each partition is relayed.</param>
    /// <param name="suspects">Rows of refused batches.</param>
    /// <param name="acceptsGaps">Missing rows have been accepted: they are passed over.</param>
    /// <exception cref="RelayStoppedException">A row is missing behind the cursor.</exception>
    public static RelayBatch Plan(
        IReadOnlyList<RelayRow> read, IReadOnlyDictionary<OutboxPartition, long> cursors, IReadOnlySet<(OutboxPartition Partition, long Seq)> suspects,
        bool acceptsGaps = false)
    {
        var rows = new List<RelayRow>(read.Count);
        var next = new Dictionary<OutboxPartition, long>();
        var waiting = new HashSet<OutboxPartition>();
        foreach (var row in read)
        {
            var cursor = next.TryGetValue(row.Partition, out var planned) ? planned : cursors.GetValueOrDefault(row.Partition);
            if (row.Seq <= cursor || waiting.Contains(row.Partition))
            {
                continue;
            }

            if (!acceptsGaps)
            {
                RequireNext(row, cursor);
            }

            var isSuspect = !row.IsParked && suspects.Contains((row.Partition, row.Seq));
            if (isSuspect && next.Count > 0)
            {
                waiting.Add(row.Partition);
                continue;
            }

            next[row.Partition] = row.Seq;
            if (!row.IsParked)
            {
                rows.Add(row);
            }

            if (isSuspect)
            {
                break;
            }
        }

        return new RelayBatch(rows, next);
    }

    private static void RequireNext(RelayRow row, long cursor)
    {
        if (row.Seq != cursor + 1)
        {
            throw new RelayStoppedException($"{row.Partition}: the outbox holds row {row.Seq}, but row {cursor + 1}, which has not been relayed, is gone");
        }
    }
}
