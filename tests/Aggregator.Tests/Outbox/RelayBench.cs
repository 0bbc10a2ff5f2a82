using System.Diagnostics.Metrics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Tests.Outbox;

/// <summary>Relays on a broker and a database of one test. Each row's value says which row it is, so that the output topics can be held against what was written.</summary>
internal sealed class RelayBench : IAsyncDisposable
{
    public const string Pipeline = "sales-by-store";
    public static readonly TopicDeclaration Output = Topics.SalesLate;
    public static readonly TopicDeclaration Keyed = Topics.SalesAggregate;
    public static readonly OutboxPartition P0 = new(1, Guid.Parse("00000000-0000-0000-0000-0000000000aa"), 0);
    public static readonly OutboxPartition P1 = P0 with { Partition = 1 };
    public static readonly OutboxPartition Replay = P0 with { Generation = 2 };
    public static readonly OutboxPartition NewTopic = P0 with { TopicId = Guid.Parse("00000000-0000-0000-0000-0000000000bb") };
    private static readonly OutboxPartition[] Everywhere = [P0, P1, Replay, NewTopic];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly AggregatorTelemetry _telemetry;
    private readonly List<Running> _running = [];

    private RelayBench(PipelineStage stage)
    {
        Stage = stage;
        _telemetry = new AggregatorTelemetry(_services.GetRequiredService<IMeterFactory>());
    }

    public PipelineStage Stage { get; }

    public RelayStatus Status { get; } = new();

    public static async Task<RelayBench> CreateAsync(PostgresFixture postgres) => await CreateAsync(await PipelineStage.CreateAsync(postgres));

    public static async Task<RelayBench> CreateAsync(PipelineStage stage)
    {
        await KafkaTopics.EnsureAsync(new ClientConfig { BootstrapServers = stage.BootstrapServers }, [Output, Keyed, Topics.SalesDeadLetter, Topics.OutboxCursors], NullLogger.Instance, default);
        return new RelayBench(stage);
    }

    /// <summary>A relay; <paramref name="afterStep"/> may throw, as if the process died, or block, as if it froze.</summary>
    public OutboxRelay Relay(Action<int>? afterStep = null, TimeSpan? lease = null, string pipeline = Pipeline, NpgsqlDataSource? database = null) => new(
        new(pipeline, database ?? Stage.Database, new ProducerConfig { BootstrapServers = Stage.BootstrapServers }, CursorConsumer(), 2 << 20,
            lease ?? TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(20))
        { Recheck = TimeSpan.FromMilliseconds(100) },
        Status, _telemetry, Stage.Lines.CreateLogger("relay"))
    { AfterStep = afterStep };

    /// <summary>Starts a relay; it is stopped with the bench at the latest.</summary>
    public Running Start(OutboxRelay relay, string holder)
    {
        var running = new Running(relay, holder);
        _running.Add(running);
        return running;
    }

    /// <summary>Appends rows to a partition as checkpoints do: the numbers go on where they stood, and the checkpoint's row knows the last.</summary>
    public async Task FillAsync(OutboxPartition partition, int rows, TopicDeclaration? topic = null, string pipeline = Pipeline)
    {
        await using var command = Stage.Database.CreateCommand("""
            WITH moved AS (
                INSERT INTO checkpoints AS c (pipeline, generation, topic_id, partition, topic, version, next_offset, outbox_seq, events, late, rejected, unknown_keys, owner, updated_at)
                VALUES ($1, $2, $3, $4, 'sales', 1, 0, $5, 0, 0, 0, 0, 'test', now())
                ON CONFLICT (pipeline, generation, topic_id, partition) DO UPDATE SET outbox_seq = c.outbox_seq + $5 RETURNING outbox_seq)
            INSERT INTO outbox SELECT $1, $2, $3, $4, n, $6, int4send((n % 7)::int),
                convert_to(concat_ws('/', $2, $3, $4, n), 'UTF8'), null, now() FROM moved, generate_series(outbox_seq - $5 + 1, outbox_seq) n
            """);
        foreach (var value in new object[] { pipeline, partition.Generation, partition.TopicId, partition.Partition, (long)rows, (topic ?? Output).Name })
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Some rows of several partitions, generations and topic ids.</summary>
    public async Task FillEverywhereAsync(int rows)
    {
        foreach (var partition in Everywhere)
        {
            await FillAsync(partition, rows);
        }
    }

    /// <summary>What <see cref="FillEverywhereAsync"/> must have become: each row once, in order.</summary>
    public void AssertEverywhereOnce(int rows)
    {
        var relayed = Relayed();
        Assert.Equal(Everywhere.Order(Comparer<OutboxPartition>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"))), relayed.Keys.OrderBy(key => $"{key}", StringComparer.Ordinal));
        Assert.All(relayed.Values, seqs => Assert.Equal(Enumerable.Range(1, rows).Select(seq => (long)seq), seqs));
    }

    /// <summary>The numbers of the rows in the output topic as a committed reader sees them, in their order.</summary>
    public Dictionary<OutboxPartition, List<long>> Relayed(TopicDeclaration? topic = null) => Stage.ReadAll(topic ?? Output)
        .Select(record => Row(record.Message.Value))
        .GroupBy(row => row.Partition, row => row.Seq)
        .ToDictionary(rows => rows.Key, rows => rows.ToList());

    /// <summary>The committed cursors.</summary>
    public async Task<Dictionary<OutboxPartition, long>> CursorsAsync(string pipeline = Pipeline)
    {
        var installation = await new OutboxStore(Stage.Database, pipeline).FindInstallationAsync(default);
        // A transaction left open would hold its end up: only what is committed before it is asked for.
        var codec = new CursorCodec(installation, pipeline);
        var cursors = new Dictionary<OutboxPartition, long>();
        foreach (var record in Stage.ReadAll(Topics.OutboxCursors))
        {
            codec.Apply(record.Message.Key, record.Message.Value, cursors);
        }

        return cursors;
    }

    public Task<long> RowsAsync() => Stage.NumberAsync("SELECT count(*) FROM outbox");

    /// <summary>As if the holder had been silent for longer than its lease.</summary>
    public Task ExpireLeaseAsync() => Stage.ExecuteAsync("UPDATE relay_leases SET expires_at = now() - interval '1 second'");

    /// <summary>Runs a relay until the outbox is empty, and stops it.</summary>
    public async Task DrainAsync(string holder = "successor", OutboxRelay? relay = null)
    {
        await using var running = Start(relay ?? Relay(), holder);
        await Stage.OutboxIsEmptyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _running)
        {
            await running.DisposeAsync();
        }

        _telemetry.Dispose();
        await _services.DisposeAsync();
        await Stage.DisposeAsync();
    }

    private ConsumerConfig CursorConsumer() => new()
    {
        BootstrapServers = Stage.BootstrapServers,
        GroupId = "unused",
        EnableAutoCommit = false,
        EnablePartitionEof = true,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        IsolationLevel = IsolationLevel.ReadCommitted,
    };

    private static (OutboxPartition Partition, long Seq) Row(byte[]? value)
    {
        var parts = Encoding.UTF8.GetString(value!).Split('/');
        return (new(int.Parse(parts[0]), Guid.Parse(parts[1]), int.Parse(parts[2])), long.Parse(parts[3]));
    }

    /// <summary>A relay at work.</summary>
    internal sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public Running(OutboxRelay relay, string holder) => Task = System.Threading.Tasks.Task.Run(() => relay.RunAsync(holder, _stop.Token));

        public Task Task { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
