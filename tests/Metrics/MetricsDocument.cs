using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace Streaming.Tests.Metrics;

/// <summary>The instruments of a meter: those that docs/metrics.md lists, and those that are there. Each as <c>name, kind, unit</c>.</summary>
internal static partial class MetricsDocument
{
    /// <summary>What the section of the meter lists, in order of the names.</summary>
    public static IReadOnlyList<string> Listed(string meter)
    {
        var text = File.ReadAllText(Document()).ReplaceLineEndings("\n");
        var section = text.Split("\n## ").Single(part => part.Contains($"meter `{meter}`\n", StringComparison.Ordinal));
        return [.. Row().Matches(section).Select(row => $"{row.Groups["name"].Value}, {row.Groups["kind"].Value}, {row.Groups["unit"].Value}").Order(StringComparer.Ordinal)];
    }

    /// <summary>What is registered in this process, in order of the names. Whoever owns the instruments must have been made before.</summary>
    public static IReadOnlyList<string> Registered(string meter)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                // Other tests may make the same instruments meanwhile, on threads of their own.
                lock (found)
                {
                    if (instrument.Meter.Name == meter)
                    {
                        found.Add($"{instrument.Name}, {Kind(instrument)}, {instrument.Unit}");
                    }
                }
            },
        };
        listener.Start();
        lock (found)
        {
            return [.. found];
        }
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "UpDownCounter" => "up-down counter",
        "Histogram" => "histogram",
        "ObservableGauge" => "observable gauge",
        "ObservableCounter" => "observable counter",
        "ObservableUpDownCounter" => "observable up-down counter",
        var other => other,
    };

    private static string Document()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "docs", "metrics.md");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("docs/metrics.md is not above the tests.");
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| (?<kind>[a-z -]+) \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
