using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Streaming.Aggregator.Tests.Pipeline;

/// <summary>Keeps log lines for tests to look at, and for a failure's message.</summary>
internal sealed class LineLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Line)> _lines = new();

    public int Count(int eventId) => _lines.Count(line => line.Id == eventId);

    public bool Has(int eventId) => _lines.Any(line => line.Id == eventId);

    /// <summary>Whether a line holds the text; lines of other processes have no event id.</summary>
    public bool Says(string text) => _lines.Any(line => line.Line.Contains(text, StringComparison.Ordinal));

    public void Add(string line) => _lines.Enqueue((0, line));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, $"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {eventId.Id} {formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }

    public override string ToString() => string.Join('\n', _lines.TakeLast(40).Select(line => line.Line));
}
