using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>Writes to the terminal: lines of resources with their name before them, each in a colour of its own where there are colours.</summary>
/// <param name="output">Where to write.</param>
/// <param name="errors">Where to write why the application ended.</param>
internal sealed class TerminalOutput(TextWriter output, TextWriter errors)
{
    private static readonly string[] s_colours = ["36", "33", "35", "32", "34", "96", "93", "95", "92", "94"];
    private readonly bool _colours = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 };
    private readonly Dictionary<string, string> _colourOf = [];
    private readonly Lock _lock = new();
    private int _width = 10;

    /// <summary>The terminal of this process.</summary>
    public static TerminalOutput OfProcess() => new(Console.Out, Console.Error);

    public void WriteLine(string text)
    {
        lock (_lock)
        {
            Write(output, text);
        }
    }

    public void WriteLine(string source, string text)
    {
        lock (_lock)
        {
            _width = Math.Max(_width, source.Length);
            if (!_colourOf.TryGetValue(source, out var colour))
            {
                _colourOf[source] = colour = s_colours[_colourOf.Count % s_colours.Length];
            }

            Write(output, $"{Paint(source.PadRight(_width), colour)} | {text}");
        }
    }

    public void WriteTable(IEnumerable<StatusRow> rows)
    {
        StatusRow[] all = [new("Resource", "State", "Where", IsToBeOpened: false), .. rows];
        var name = all.Max(row => row.Name.Length);
        var state = all.Max(row => row.State.Length);
        var table = new StringBuilder("\n");
        foreach (var row in all)
        {
            var line = $"  {row.Name.PadRight(name)}  {row.State.PadRight(state)}  {row.Where}{(row.IsToBeOpened ? "  ← open this" : "")}";
            table.AppendLine(row.IsToBeOpened ? Paint(line, "1") : line.TrimEnd());
        }

        WriteLine(table.ToString());
    }

    public void WriteFailure(string resource, string reason, IReadOnlyList<string> lastLines)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"\n{Paint($"'{resource}' failed to start:", "1;31")} {reason}");
        if (lastLines.Count > 0)
        {
            text.AppendLine("Its last lines:");
            foreach (var line in lastLines)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    {line}");
            }

            text.AppendLine("Mend what they say, then run the AppHost again.");
        }

        lock (_lock)
        {
            Write(errors, text.ToString());
        }
    }

    /// <summary>What cannot be written (the disk under a redirected output is full) is lost: who wrote it, a resource perhaps, is not to be held up by that.</summary>
    private static void Write(TextWriter writer, string text)
    {
        try
        {
            writer.WriteLine(text);
        }
        catch (IOException)
        {
            // There is nowhere else to say so.
        }
    }

    private string Paint(string text, string colour) => _colours ? $"\e[{colour}m{text}\e[0m" : text;
}
