using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Streaming.EndToEnd.Tests.App;

/// <summary>
/// The last lines that each resource of an application wrote, and those of the AppHost itself: bounded, however long the application runs. A testing builder
/// passes on what a resource writes as log messages of the category <c>{AppHost}.Resources.{resource}</c>.
/// </summary>
internal sealed class RecentLogs
{
    /// <summary>Lines kept of each resource.</summary>
    public const int Lines = 40;

    private const int LongestLine = 400;
    private const string OfResources = ".Resources.";

    private static ImmutableList<RecentLogs> s_shown = [];

    private readonly ConcurrentDictionary<string, Tail> _tails = new(StringComparer.Ordinal);

    /// <summary>The logs that a failing test shows: those of the applications that run. See <see cref="LogsOfFailures"/>.</summary>
    public static IReadOnlyList<RecentLogs> Shown => s_shown;

    public void Show() => ImmutableInterlocked.Update(ref s_shown, shown => shown.Add(this));

    public void Hide() => ImmutableInterlocked.Update(ref s_shown, shown => shown.Remove(this));

    /// <summary>What the application's logging is told to write to.</summary>
    public ILoggerProvider Provider() => new TailProvider(this);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, tail) in _tails.OrderBy(tail => tail.Key, StringComparer.Ordinal))
        {
            var (lines, written) = tail.Read();
            text.AppendLine().AppendLine(Invariant($"── {name}: {(lines.Count < written ? $"the last {lines.Count} of {written} lines" : $"all {written} lines")} ──")).AppendJoin(Environment.NewLine, lines).AppendLine();
        }

        return text.ToString();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed class TailProvider(RecentLogs logs) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName)
        {
            var at = categoryName.IndexOf(OfResources, StringComparison.Ordinal);
            return logs._tails.GetOrAdd(at < 0 ? "the AppHost" : categoryName[(at + OfResources.Length)..], _ => new Tail());
        }

        public void Dispose()
        {
            // Nothing is held; the lines can be read after the application has gone.
        }
    }

    private sealed class Tail : ILogger
    {
        private readonly Queue<string> _lines = new();
        private long _written;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception) + (exception is null ? "" : $" {exception}");
            lock (_lines)
            {
                _written++;
                _lines.Enqueue(line.Length <= LongestLine ? line : line[..LongestLine] + "…");
                if (_lines.Count > Lines)
                {
                    _lines.Dequeue();
                }
            }
        }

        public (IReadOnlyList<string> Lines, long Written) Read()
        {
            lock (_lines)
            {
                return ([.. _lines], _written);
            }
        }
    }
}
