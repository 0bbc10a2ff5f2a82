using System.Collections.Immutable;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines;

/// <summary>What a definition says about how long its windows are kept.</summary>
internal sealed class KeptWindows
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100 * 366);

    private readonly List<(string Window, TimeSpan Retention, SourceLine Line)> _kept = [];

    public void Add(string window, TimeSpan retention, SourceLine line) => _kept.Add((window, retention, line));

    /// <summary>By the names of the kinds, all of which there are, each once.</summary>
    public ImmutableDictionary<string, TimeSpan> Check(IReadOnlyList<WindowSpec> windows, Func<SourceLine, string, PipelineDefinitionException> wrong)
    {
        var kept = ImmutableDictionary.CreateBuilder<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var (name, retention, line) in _kept)
        {
            var window = windows.FirstOrDefault(w => w.Name == name)
                ?? throw wrong(line, $"there is no window '{name}' to keep; there are: {string.Join(", ", windows.Select(w => w.Name))}");
            if (retention < LengthOf(window) || retention > Longest)
            {
                throw wrong(line, $"the window '{name}' is kept for {retention:c}; it must be at least its own length, {LengthOf(window):c}, at most {Longest:c}");
            }

            if (!kept.TryAdd(name, retention))
            {
                throw wrong(line, $"how long the window '{name}' is kept is said twice");
            }
        }

        return kept.ToImmutable();
    }

    private static TimeSpan LengthOf(WindowSpec window) => window switch
    {
        TumblingWindows w => w.Size,
        HoppingWindows w => w.Size,
        CumulativeWindows w => w.Size,
        SessionWindows w => w.Gap,
        CalendarDays => TimeSpan.FromHours(25),
        _ => throw new ArgumentOutOfRangeException(nameof(window), window, "an unknown kind of window"),
    };
}
