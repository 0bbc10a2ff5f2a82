namespace Streaming.EndToEnd.Tests.Oracle;

/// <summary>A window as the oracle or the table <c>window_results</c> has it.</summary>
internal readonly record struct WindowTotals(int Partition, DateTimeOffset Start, string StoreId, long Count, decimal Sum, long Min, long Max);

/// <summary>An idle mark: from <paramref name="NextOffset"/> on, the partition's watermark is at least <paramref name="WatermarkMs"/>.</summary>
internal readonly record struct Mark(int Partition, long NextOffset, long WatermarkMs);

/// <summary>
/// The rules of docs/semantics.md in the most naive form: walk each partition's records in offset order, keep the largest event time,
/// put each good event that is not late into a list, and add the lists up at the end.
/// </summary>
internal sealed record NaiveWindows(IReadOnlyList<WindowTotals> Windows, long Good, long Late, long Rejected)
{
    private const long SizeMs = 60_000;

    public static NaiveWindows Of(IEnumerable<SaleRecord> records, IReadOnlyCollection<Mark> marks, long outOfOrdernessMs, long graceMs)
    {
        var taken = new List<SaleRecord>();
        long good = 0, late = 0, rejected = 0;
        foreach (var partition in records.GroupBy(r => r.Partition))
        {
            long? watermark = null;
            foreach (var record in partition.OrderBy(r => r.Offset))
            {
                foreach (var mark in marks.Where(m => m.Partition == record.Partition && m.NextOffset <= record.Offset))
                {
                    watermark = Math.Max(watermark ?? long.MinValue, mark.WatermarkMs);
                }

                if (!record.IsGood)
                {
                    rejected++;
                    continue;
                }

                good++;
                if (watermark >= Start(record.EventTimeMs) + SizeMs + graceMs)
                {
                    late++;
                    continue;
                }

                taken.Add(record);
                watermark = Math.Max(watermark ?? long.MinValue, record.EventTimeMs - outOfOrdernessMs);
            }
        }

        var windows = taken
            .GroupBy(r => (r.Partition, Start: Start(r.EventTimeMs), r.StoreId))
            .Select(g => new WindowTotals(
                g.Key.Partition,
                DateTimeOffset.FromUnixTimeMilliseconds(g.Key.Start),
                g.Key.StoreId,
                g.Count(),
                g.Sum(r => (decimal)r.Amount),
                g.Min(r => r.Amount),
                g.Max(r => r.Amount)))
            .ToList();
        return new(windows, good, late, rejected);
    }

    private static long Start(long timeMs) => timeMs - (((timeMs % SizeMs) + SizeMs) % SizeMs);
}
