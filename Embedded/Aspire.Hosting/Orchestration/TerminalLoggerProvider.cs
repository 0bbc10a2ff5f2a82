using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Shows the application's log in the terminal: what a resource wrote under its name, everything else under <c>apphost</c>.</summary>
internal sealed class TerminalLoggerProvider(TerminalOutput output) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName)
    {
        var marker = categoryName.IndexOf(ResourceLogForwarder.CategoryPart, StringComparison.Ordinal);
        return new TerminalLogger(output, marker < 0 ? null : categoryName[(marker + ResourceLogForwarder.CategoryPart.Length)..]);
    }

    public void Dispose()
    {
    }

    private sealed class TerminalLogger(TerminalOutput output, string? resource) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (resource is not null && state is LogLineState line)
            {
                output.WriteLine(resource, line.Content);
                return;
            }

            if (exception is DistributedApplicationException)
            {
                return; // The host's report of a start that failed, with its stack; RunAsync tells the reason in a sentence.
            }

            var severity = logLevel >= LogLevel.Warning ? $"{logLevel}: " : "";
            output.WriteLine(resource ?? "apphost", severity + formatter(state, exception) + (exception is null ? "" : $"\n{exception}"));
        }
    }
}
