using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Api;

/// <summary>
/// What changed between the snapshots that one listener was told of. Pure. A window that rolls out of the live range is no change; one that ceased to be
/// (two sessions became one) is.
/// </summary>
internal sealed class WindowChanges
{
    private readonly Dictionary<(Window Window, string Key), Mark> _told = [];
    private string? _epoch;

    /// <summary>The windows that are new or changed, those that ceased to be, and whether all that was told before is void.</summary>
    public (bool IsReset, IReadOnlyList<MeasuredWindow> Changed, IReadOnlyList<(Window Window, string Key)> Removed) Next(PipelineSnapshot snapshot, string? key)
    {
        var rows = (snapshot.Live(WindowKinds.MostLive)?.Rows ?? []).Where(row => key is null || row.Key == key).ToList();
        var epoch = $"{snapshot.Info?.Generation} {snapshot.Spec?.Name}";
        var isReset = _epoch is not null && _epoch != epoch;
        if (isReset)
        {
            _told.Clear();
        }

        _epoch = epoch;
        var oldest = rows.Count == 0 ? long.MaxValue : rows.Min(row => row.Window.StartMs);
        var now = rows.ToDictionary(row => (row.Window, row.Key), Mark.Of);
        var changed = rows.Where(row => !_told.TryGetValue((row.Window, row.Key), out var told) || told != now[(row.Window, row.Key)]).ToList();
        var removed = _told.Keys.Where(id => !now.ContainsKey(id) && id.Window.StartMs >= oldest).ToList();
        _told.Clear();
        foreach (var (id, mark) in now)
        {
            _told[id] = mark;
        }

        return (isReset, changed, removed);
    }

    /// <summary>What tells two states of a window apart: each change of any row of it has a newer version, or closes it.</summary>
    private readonly record struct Mark(long Count, long Late, bool IsFinal, int Parts, long Version, RowSource Source)
    {
        public static Mark Of(MeasuredWindow window) => new(window.Basic.Count, window.Late, window.IsFinal, window.Parts, window.Version, window.Source);
    }
}
