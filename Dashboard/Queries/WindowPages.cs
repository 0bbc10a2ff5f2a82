using Microsoft.AspNetCore.Components.QuickGrid;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;
using Streaming.Data;

namespace Streaming.Dashboard.Queries;

/// <summary>Pages of the table of windows: of a live range out of the snapshot, of a past one out of the database.</summary>
public sealed class WindowPages(IServiceScopeFactory scopes, IOptions<DashboardOptions> options)
{
    /// <summary>The wanted page of the live range; asks the database nothing.</summary>
    public static GridItemsProviderResult<WindowRow> Live(FeedSnapshot snapshot, ViewState view, GridItemsProviderRequest<WindowRow> request)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(view);
        var rows = snapshot.Periods.Windows(view.LiveLength)
            .Where(w => view.Store is null || w.StoreId == view.Store)
            .Select(w => WindowRow.Of(w, snapshot.Store(w.StoreId)))
            .ToList();
        return GridItemsProviderResult.From<WindowRow>([.. Page(rows.AsQueryable(), request)], rows.Count);
    }

    /// <summary>The wanted page of a past range, sorted and cut by the database.</summary>
    public async Task<GridItemsProviderResult<WindowRow>> PastAsync(ViewState view, GridItemsProviderRequest<WindowRow> request)
    {
        ArgumentNullException.ThrowIfNull(view);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<StreamingDbContext>();
        var pipeline = options.Value.Pipeline;
        var shown = await ShownMinutes.ReadAsync(database, pipeline, request.CancellationToken);
        var rows = Rows(shown.Of(database, pipeline), database, view);
        var total = await rows.CountAsync(request.CancellationToken);
        return GridItemsProviderResult.From<WindowRow>(await Page(rows, request).ToListAsync(request.CancellationToken), total);
    }

    private static IQueryable<WindowRow> Rows(IQueryable<WindowResult> windows, StreamingDbContext database, ViewState view)
    {
        var (first, end) = (view.From!.Value.UtcDateTime, view.To!.Value.UtcDateTime);
        return
            from w in windows
            join s in database.Stores on w.GroupKey equals s.StoreId into described
            from s in described.DefaultIfEmpty()
            where w.WindowStart >= first && w.WindowStart < end && (view.Store == null || w.GroupKey == view.Store)
            select new WindowRow
            {
                StoreId = w.GroupKey,
                Name = s == null ? (w.GroupKey == "" ? "(empty id)" : w.GroupKey) : s.Name,
                City = s == null ? "unknown store" : s.City,
                Currency = s == null ? "" : s.Currency,
                Start = w.WindowStart,
                End = w.WindowEnd,
                Count = w.Count,
                Sum = w.Sum,
                Min = w.Count == 0 ? null : w.Min,
                Max = w.Count == 0 ? null : w.Max,
                Mean = w.Count == 0 ? null : w.Sum / w.Count,
                Late = w.Late,
                IsFinal = w.IsFinal,
                Partition = w.Partition,
                Version = w.Version,
                TopicId = w.TopicId,
                IsKnown = s != null,
            };
    }

    /// <summary>The further keys make the order total: without them a row could appear on two pages or on none.</summary>
    private static IQueryable<WindowRow> Page(IQueryable<WindowRow> rows, GridItemsProviderRequest<WindowRow> request)
    {
        var sorted = request.SortByColumn is null ? rows.OrderByDescending(r => r.Start) : (IOrderedQueryable<WindowRow>)request.ApplySorting(rows);
        var total = sorted.ThenByDescending(r => r.Start).ThenBy(r => r.StoreId).ThenBy(r => r.Partition).ThenBy(r => r.TopicId);
        var page = total.Skip(request.StartIndex);
        return request.Count is { } count ? page.Take(count) : page;
    }
}
