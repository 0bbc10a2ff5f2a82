using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Passes what resources write on to the application's log, category <c>{AppHost}.Resources.{name}</c>.</summary>
internal sealed class ResourceLogForwarder(ResourceLoggerService logs, ILoggerFactory loggers, IHostEnvironment environment) : IHostedService
{
    public const string CategoryPart = ".Resources.";
    private readonly ConcurrentDictionary<string, ILogger> _loggerOf = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        logs.LineAdded += Forward;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        logs.LineAdded -= Forward;
        return Task.CompletedTask;
    }

    private void Forward(string resource, LogLine line)
    {
        var logger = _loggerOf.GetOrAdd(resource, name => loggers.CreateLogger($"{environment.ApplicationName}{CategoryPart}{name}"));
        logger.Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, default, new LogLineState(line.LineNumber, line.Content), null, static (state, _) => state.ToString());
    }
}

/// <summary>A line in a log: its number and its text, as the official package writes it.</summary>
internal readonly record struct LogLineState(int LineNumber, string Content)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LineNumber}: {Content}");
}
