using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Streaming.Dashboard.Views;
using Streaming.Data;

namespace Streaming.Dashboard.Queries;

/// <summary>Rolls up a past range in the database.</summary>
public sealed class PastSales(IServiceScopeFactory scopes, IOptions<DashboardOptions> options)
{
    private const int MostSlots = 60;

    /// <summary>Minutes that a slot may have; each divides a day, or is some days.</summary>
    private static readonly ImmutableArray<int> SlotMinutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 40320, 131040];

    /// <summary>The range and as much time before it.</summary>
    /// <exception cref="RangeTooLargeException">The range holds more rows than one page can take.</exception>
    public async Task<SalesPeriod> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var slot = SlotFor(to - from);
        var before = from - (to - from);
        var rows = await QueryAsync(before, from, to, slot, cancellationToken);
        var slices = rows.ConvertAll(r => (
            new DateTimeOffset(r.Slot, TimeSpan.Zero),
            new StoreSlice(r.StoreId, r.Count, r.Sum, r.Late, r.IsFinal, r.Windows, r.Partition, r.Version)));
        var previous = SalesPeriod.Of(before, from, slot, slices);
        var covered = !previous.Slots[0].Stores.IsEmpty;
        return SalesPeriod.Of(from, to, slot, slices) with { Previous = covered ? previous : null };
    }

    /// <summary>The shortest slot that cuts <paramref name="range"/> into no more than sixty.</summary>
    public static TimeSpan SlotFor(TimeSpan range) =>
        TimeSpan.FromMinutes(SlotMinutes.FirstOrDefault(minutes => range.TotalMinutes / minutes <= MostSlots, SlotMinutes[^1]));

    private async Task<List<SlotRow>> QueryAsync(DateTimeOffset before, DateTimeOffset from, DateTimeOffset to, TimeSpan slot, CancellationToken cancellationToken)
    {
        var most = options.Value.MaxPastRows;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<StreamingDbContext>();
        var shown = await ShownMinutes.ReadAsync(database, options.Value.Pipeline, cancellationToken);
        var rows = await database.Database.SqlQuery<SlotRow>($"""
            SELECT date_bin({slot}, w.window_start, {from.UtcDateTime}) AS "Slot", w.group_key AS "StoreId",
                   sum(w.count)::bigint AS "Count", sum(w.sum) AS "Sum", sum(w.late)::bigint AS "Late", bool_and(w.is_final) AS "IsFinal",
                   count(*) AS "Windows", max(w.partition) AS "Partition", max(w.version) AS "Version"
            FROM unnest({shown.Generations}, {shown.From}, {shown.Until}) AS g (generation, covers_from, covers_until)
            JOIN window_results w ON w.generation = g.generation AND w.window_start >= g.covers_from AND w.window_start < g.covers_until
            WHERE w.pipeline = {options.Value.Pipeline} AND w.window_name = '1m' AND NOT w.is_pane AND w.window_start >= {before.UtcDateTime} AND w.window_start < {to.UtcDateTime}
            GROUP BY 1, 2 LIMIT {most + 1}
            """).ToListAsync(cancellationToken);
        return rows.Count <= most ? rows : throw new RangeTooLargeException();
    }

    private sealed record SlotRow(DateTime Slot, string StoreId, long Count, decimal Sum, long Late, bool IsFinal, long Windows, int Partition, long Version);
}

/// <summary>A past range holds more rows than one page can take; a shorter one will do.</summary>
public sealed class RangeTooLargeException : Exception
{
    public RangeTooLargeException()
        : base("The range holds too many figures for one page. Choose a shorter one.")
    {
    }
}
