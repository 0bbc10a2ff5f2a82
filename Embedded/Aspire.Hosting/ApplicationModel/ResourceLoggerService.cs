using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line that a resource wrote.</summary>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>What the resources write: the last lines of each, and every further one.</summary>
public class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A logger whose messages become lines of the resource.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    /// <summary>A logger whose messages become lines of the resource or replica.</summary>
    public ILogger GetLogger(string resourceName) => new LineLogger(this, resourceName);

    /// <summary>The last lines of a resource (all its replicas), then every further one, until the resource completes.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    /// <summary>The last lines of a resource or replica, then every further one, until it completes.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).WatchAsync();

    /// <summary>The last lines of a resource (all its replicas).</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.Name);

    /// <summary>The last lines of a resource or replica.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return LogOf(resourceName).Lines;
    }

    /// <summary>No further lines will come.</summary>
    public void Complete(IResource resource) => Complete(resource.Name);

    /// <summary>No further lines will come.</summary>
    public void Complete(string name) => LogOf(name).Complete();

    /// <summary>Called with the resource's name for every line of every resource.</summary>
    internal event Action<string, LogLine>? LineAdded;

    internal IReadOnlyList<LogLine> LastLines(string name, int count) => [.. LogOf(name).Lines.TakeLast(count)];

    internal void Add(string resourceName, string resourceId, string content, bool isError)
    {
        var line = LogOf(resourceName).Add(content, isError);
        if (!string.Equals(resourceId, resourceName, StringComparison.OrdinalIgnoreCase))
        {
            LogOf(resourceId).Add(content, isError);
        }

        LineAdded?.Invoke(resourceName, line);
    }

    private ResourceLog LogOf(string name) => _logs.GetOrAdd(name, _ => new ResourceLog());

    private sealed class LineLogger(ResourceLoggerService service, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}";
            foreach (var line in text.Split('\n'))
            {
                service.Add(name, name, line.TrimEnd('\r'), logLevel >= LogLevel.Error);
            }
        }
    }
}

/// <summary>The lines of one resource: at most <see cref="Capacity"/> are kept.</summary>
internal sealed class ResourceLog
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _kept = new();
    private readonly List<Channel<LogLine>> _watchers = [];
    private int _count;
    private bool _complete;

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept];
            }
        }
    }

    public LogLine Add(string content, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_count, content, isError);
            _kept.Enqueue(line);
            if (_kept.Count > Capacity)
            {
                _kept.Dequeue();
            }

            _watchers.ForEach(watcher => watcher.Writer.TryWrite(line));
            return line;
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            _watchers.ForEach(watcher => watcher.Writer.TryComplete());
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Open();
        try
        {
            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var lines = new List<LogLine>();
                while (channel.Reader.TryRead(out var line))
                {
                    lines.Add(line);
                }

                yield return lines;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>A watcher that lags by a whole backlog loses its oldest lines rather than the memory of the process.</summary>
    private Channel<LogLine> Open()
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            foreach (var line in _kept)
            {
                channel.Writer.TryWrite(line);
            }

            if (_complete)
            {
                channel.Writer.TryComplete();
            }

            _watchers.Add(channel);
        }

        return channel;
    }
}
