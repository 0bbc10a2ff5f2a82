using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Transactions;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

/// <summary>A coordinator over a folder of its own, that can die anywhere and begin again; its markers and offsets are only noted.</summary>
internal sealed class CoordinatorStage : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    public static readonly TopicPartition First = new("t", 0);
    public static readonly TopicPartition Second = new("t", 1);
    private readonly TestFolder _folder = new();
    private int _lives;
    private TransactionCoordinator? _coordinator;

    public TransactionSettings Settings { get; set; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromDays(7), MaxIds: 3, MaxWeight: 10);

    public ManualTime Time { get; } = new();

    public NotedOutcome Outcome { get; } = new();

    public TransactionCoordinator Coordinator => _coordinator ??= Open();

    private string JournalPath => _folder.File($"transactions-{_lives}");

    public ProducerIdentity Init(string id = "tx", ProducerIdentity? claimed = null)
    {
        var (error, producer) = Coordinator.Init(id, claimed ?? ProducerIdentity.None, Timeout);
        return error == ErrorCode.None ? producer : throw new InvalidOperationException($"{error}");
    }

    public ErrorCode Enlist(ProducerIdentity producer, params TopicPartition[] partitions) =>
        Coordinator.Ask("tx", new TransactionInput.Enlist(producer, partitions, []));

    public ErrorCode EnlistGroup(ProducerIdentity producer, string group) => Coordinator.Ask("tx", new TransactionInput.Enlist(producer, [], [group]));

    public ErrorCode End(ProducerIdentity producer, bool commit) => Coordinator.Ask("tx", new TransactionInput.End(producer, commit));

    /// <summary>After so many steps done to logs and groups the next one kills the broker; what it had written is all that is left.</summary>
    public async Task DieAsync(Action last, int afterSteps)
    {
        Outcome.StepsToLive = afterSteps;
        try
        {
            last();
            throw new InvalidOperationException("It lives.");
        }
        catch (BrokerDiedException)
        {
            Outcome.StepsToLive = null;
        }

        await RestartAsync();
    }

    /// <summary>The journal is copied while it is still open: nothing that happens at a clean stop is needed.</summary>
    public async Task RestartAsync()
    {
        var path = JournalPath;
        _lives++;
        File.Copy(path, JournalPath);
        await Coordinator.DisposeAsync();
        _coordinator = Open();
    }

    public void Dispose()
    {
        _coordinator?.DisposeAsync().AsTask().GetAwaiter().GetResult(); // waits for nothing: the clock's timers run on the test's thread
        _folder.Dispose();
    }

    private TransactionCoordinator Open() => new(
        Settings, new TransactionStore(JournalPath, fsync: false), Outcome, new ProducerIds(_folder.File("producer-ids")), Time,
        NullLogger<TransactionCoordinator>.Instance);
}

/// <summary>Notes what it is told, as lines.</summary>
internal sealed class NotedOutcome : ITransactionOutcome
{
    public List<string> Lines { get; } = [];

    /// <summary>Partitions whose disk refuses.</summary>
    public HashSet<TopicPartition> Refusing { get; } = [];

    /// <summary>The broker dies at the step after these; null: it lives.</summary>
    public int? StepsToLive { get; set; }

    public bool TryMark(TopicPartition partition, ProducerIdentity producer, bool commit)
    {
        if (Refusing.Contains(partition))
        {
            return false;
        }

        Note($"{(commit ? "commit" : "abort")} {partition.Topic}-{partition.Partition} epoch {producer.Epoch}");
        return true;
    }

    public void EndOffsets(string group, long producerId, bool commit) => Note($"{(commit ? "commit" : "abort")} offsets of {group}");

    private void Note(string line)
    {
        if (StepsToLive-- == 0)
        {
            throw new BrokerDiedException();
        }

        Lines.Add(line);
    }
}

internal sealed class BrokerDiedException : Exception;
