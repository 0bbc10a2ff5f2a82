using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Aggregator.Schemas;

/// <summary>
/// What this process knows of the registry's schemas. Decoders look here and wait for nothing; whoever has a record whose schema is not known yet asks, and holds
/// the record until the registry has answered. An answer is final, also that there is no such schema: a registry gives an id out before anything is
/// written with it. While the registry is away it is asked again and again: that is no answer. May be shared by threads.
/// </summary>
public sealed class SchemaDirectory : IDisposable
{
    /// <summary>Ids that nobody gave out are forgotten beyond so many, and asked for again: noise must not fill the memory.</summary>
    private const int MostUnknown = 10_000;

    private readonly ConcurrentDictionary<int, KnownSchema> _known = new();
    private readonly ConcurrentDictionary<int, Lazy<Task>> _asked = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly SchemaRegistryClient _registry;
    private readonly ILogger _logger;
    private int _unknown;
    private volatile string? _trouble;

    /// <summary>Knows nothing yet.</summary>
    public SchemaDirectory(SchemaRegistryClient registry, ILogger<SchemaDirectory> logger) => (_registry, _logger) = (registry, logger);

    /// <summary>Why the registry does not answer; null while it does.</summary>
    public string? Trouble => _trouble;

    /// <summary>What the registry has said of an id.</summary>
    public bool TryFind(int id, [MaybeNullWhen(false)] out KnownSchema schema) => _known.TryGetValue(id, out schema);

    /// <summary>Asks for a schema unless that is under way, and waits a little for the answer.</summary>
    /// <returns>Whether it is known now.</returns>
    public bool Await(int id, TimeSpan limit)
    {
        if (_known.ContainsKey(id))
        {
            return true;
        }

        var asked = _asked.GetOrAdd(id, static (id, directory) => new Lazy<Task>(() => Task.Run(() => directory.AskAsync(id))), this).Value;
        if (_known.ContainsKey(id))
        {
            // Answered just before it was asked for again.
            return true;
        }

        return asked.Wait(limit) && _known.ContainsKey(id);
    }

    /// <summary>Asks no more.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        Task.WaitAll([.. _asked.Values.Where(asked => asked.IsValueCreated).Select(asked => asked.Value)]);
        _ending.Dispose();
    }

    private async Task AskAsync(int id)
    {
        var backoff = new Backoff();
        try
        {
            while (!await TryAskAsync(id, backoff))
            {
                await backoff.WaitAsync(_ending.Token);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The process ends.
        }

        _asked.TryRemove(id, out _);
    }

    private async Task<bool> TryAskAsync(int id, Backoff backoff)
    {
        try
        {
            Learn(id, await _registry.FindAsync(id, _ending.Token));
            _trouble = null;
            return true;
        }
        catch (SchemaRegistryException e)
        {
            _trouble = e.Message;
            if (backoff.Fail())
            {
                AggregatorLog.WaitingForRegistry(_logger, id, e.Message, backoff.Attempts);
            }

            return false;
        }
    }

    private void Learn(int id, RegisteredSchema? schema)
    {
        if (schema is null && Interlocked.Increment(ref _unknown) > MostUnknown)
        {
            foreach (var (other, known) in _known.Where(known => known.Value.Schema is null))
            {
                _known.TryRemove(new(other, known));
            }

            Interlocked.Exchange(ref _unknown, 1);
        }

        _known[id] = new KnownSchema(schema);
    }
}
