namespace Streaming.Tests.Oracle;

/// <summary>
/// A window as the oracle or the table <c>window_results</c> has it. <paramref name="Late"/> counts the events that came after it was final.
/// </summary>
internal readonly record struct WindowTotals(
    int Partition, DateTimeOffset Start, DateTimeOffset End, string StoreId, long Count, decimal Sum, long Min, long Max, long Late, bool IsFinal);

/// <summary>What one partition's checkpoint row counts, and its watermark; null before the first event or mark.</summary>
internal readonly record struct PartitionTotals(int Partition, long Accepted, long Late, long Rejected, long? WatermarkMs);

/// <summary>An event that came too late, and by how much.</summary>
internal readonly record struct LateSale(SaleRecord Record, long ByMs);

/// <summary>
/// The rules of docs/semantics.md in the most naive form: walk each partition's records in offset order, keep the largest event time,
/// put each good event that is not late into a list, and add the lists up at the end.
/// </summary>
internal sealed record NaiveWindows(
    IReadOnlyList<WindowTotals> Windows, IReadOnlyList<PartitionTotals> Partitions, IReadOnlyList<LateSale> Late, IReadOnlyList<SaleRecord> Rejected)
{
    private const long SizeMs = 60_000;

    public static NaiveWindows Of(IEnumerable<SaleRecord> records, IReadOnlyCollection<Mark> marks, long outOfOrdernessMs, long graceMs)
    {
        List<WindowTotals> windows = [];
        List<PartitionTotals> partitions = [];
        List<LateSale> late = [];
        List<SaleRecord> rejected = [];
        var recordsOf = records.ToLookup(record => record.Partition);
        var marksOf = marks.ToLookup(mark => mark.Partition);
        foreach (var partition in recordsOf.Select(some => some.Key).Union(marksOf.Select(some => some.Key)).Order())
        {
            var walk = new Walk(outOfOrdernessMs, graceMs);
            walk.Through([.. recordsOf[partition].OrderBy(record => record.Offset)], [.. marksOf[partition].OrderBy(mark => mark.NextOffset)]);
            windows.AddRange(walk.Windows(partition));
            partitions.Add(new(partition, walk.Taken.Count, walk.Late.Count, walk.Rejected.Count, walk.Watermark));
            late.AddRange(walk.Late);
            rejected.AddRange(walk.Rejected);
        }

        return new(windows, partitions, late, rejected);
    }

    private static long Start(long timeMs) => timeMs - (((timeMs % SizeMs) + SizeMs) % SizeMs);

    private sealed class Walk(long outOfOrdernessMs, long graceMs)
    {
        public long? Watermark { get; private set; }

        public List<SaleRecord> Taken { get; } = [];

        public List<LateSale> Late { get; } = [];

        public List<SaleRecord> Rejected { get; } = [];

        public void Through(List<SaleRecord> records, List<Mark> marks)
        {
            var mark = 0;
            foreach (var record in records)
            {
                for (; mark < marks.Count && marks[mark].NextOffset <= record.Offset; mark++)
                {
                    Advance(marks[mark].WatermarkMs);
                }

                Judge(record);
            }

            for (; mark < marks.Count; mark++)
            {
                Advance(marks[mark].WatermarkMs);
            }
        }

        public IEnumerable<WindowTotals> Windows(int partition)
        {
            var late = Late.ToLookup(sale => (Start(sale.Record.EventTimeMs), sale.Record.StoreId));
            return Taken.GroupBy(record => (Start: Start(record.EventTimeMs), record.StoreId)).Select(window => new WindowTotals(
                partition,
                DateTimeOffset.FromUnixTimeMilliseconds(window.Key.Start),
                DateTimeOffset.FromUnixTimeMilliseconds(window.Key.Start + SizeMs),
                window.Key.StoreId,
                window.Count(),
                window.Sum(record => (decimal)record.Amount),
                window.Min(record => record.Amount),
                window.Max(record => record.Amount),
                late[window.Key].Count(),
                IsClosed(window.Key.Start)));
        }

        private void Judge(SaleRecord record)
        {
            if (!record.IsGood)
            {
                Rejected.Add(record);
            }
            else if (IsClosed(Start(record.EventTimeMs)))
            {
                Late.Add(new(record, Watermark!.Value - (Start(record.EventTimeMs) + SizeMs + graceMs)));
            }
            else
            {
                Taken.Add(record);
                Advance(record.EventTimeMs - outOfOrdernessMs);
            }
        }

        private bool IsClosed(long startMs) => Watermark >= startMs + SizeMs + graceMs;

        private void Advance(long watermarkMs) => Watermark = Math.Max(Watermark ?? long.MinValue, watermarkMs);
    }
}
