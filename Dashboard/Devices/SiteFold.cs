using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Queries;

namespace Streaming.Dashboard.Devices;

/// <summary>Puts rows of the levels into slots. Bounded: what would take too much memory is refused.</summary>
/// <param name="info">Whose rows.</param>
/// <param name="description">Its definition.</param>
/// <param name="maxCells">The most cells.</param>
/// <param name="maxBytes">About the most bytes.</param>
internal sealed class SiteFold(PipelineInfo info, PipelineDescription description, int maxCells, long maxBytes)
{
    private readonly SortedDictionary<long, SlotCells> _slots = [];
    private readonly ImmutableArray<Coverage> _covers = info.Covers();
    private readonly ImmutableDictionary<int, MeasurePlan?> _plans =
        info.Generations.ToImmutableDictionary(g => g.Number, g => info.PlanOf(g.Number, description.Measures) is var plan && plan.Equals(description.Measures) ? description.Measures : null);

    private readonly ImmutableDictionary<int, long?> _watermarks = info.Generations.ToImmutableDictionary(g => g.Number, g => info.SmallestWatermark(g.Number)?.ToUnixTimeMilliseconds());
    private readonly long _graceMs = RangeTiling.Ms(description.Grace);
    private int _cells;
    private long _bytes;

    /// <summary>Takes in a row of a stretch's level, if it lies in the stretch and is of the generation that is shown for its start.</summary>
    /// <exception cref="RangeTooLargeException">There are too many sites for so long a range.</exception>
    public void Add(Stretch stretch, StoredRow row)
    {
        var generation = row.Source.Generation;
        if (row.Id.IsPane || !stretch.Range.Contains(row.Window.StartMs) || !_covers.Any(c => c.Generation == generation && c.Has(row.Window.StartMs)))
        {
            return;
        }

        var window = stretch.SlotOf(row.Window.StartMs);
        if (!_slots.TryGetValue(window.StartMs, out var slot))
        {
            _slots[window.StartMs] = slot = new SlotCells(window, stretch.Level.Windows.Name);
        }

        if (!slot.Sites.TryGetValue(row.Id.Key, out var cell))
        {
            slot.Sites[row.Id.Key] = cell = new SiteCell();
            _bytes += 200 + (2L * row.StateBytes?.Length ?? 0);
            if (++_cells > maxCells || _bytes > maxBytes)
            {
                throw new RangeTooLargeException();
            }
        }

        cell.Add(_plans.GetValueOrDefault(generation), row, IsPassed(row.Window, generation));
    }

    /// <summary>Every slot of the stretches, also those in which nothing was measured, oldest first.</summary>
    public ImmutableArray<SlotCells> Slots(IEnumerable<Stretch> stretches) =>
    [
        .. stretches.SelectMany(stretch => stretch.Slots().Select(window =>
        {
            var slot = _slots.GetValueOrDefault(window.StartMs) ?? new SlotCells(window, stretch.Level.Windows.Name);
            slot.IsProvisional = slot.Sites.Values.Any(cell => !cell.IsFinal) || !IsPassed(window, info.Generation);
            return slot;
        })),
    ];

    private bool IsPassed(Window window, int generation) => _watermarks.GetValueOrDefault(generation) is { } watermark && watermark >= window.EndMs + _graceMs;
}

/// <summary>A slot and its sites. Nobody changes it once it is handed out.</summary>
internal sealed class SlotCells(Window window, string level)
{
    public Window Window => window;

    public string Level => level;

    public Dictionary<string, SiteCell> Sites { get; } = new(StringComparer.Ordinal);

    public bool IsProvisional { get; set; }

    public SiteSlot Read(MeasurePlan plan) => new(
        window, level, IsProvisional, Sites.ToImmutableDictionary(site => site.Key, site => site.Value.Read(plan), StringComparer.Ordinal), Together(Sites.Values)?.Read(plan));

    /// <summary>All cells in one; null when there is none.</summary>
    public static SiteCell? Together(IReadOnlyCollection<SiteCell> cells)
    {
        if (cells.Count == 0)
        {
            return null;
        }

        var together = new SiteCell();
        foreach (var cell in cells)
        {
            together.Merge(cell);
        }

        return together;
    }
}
