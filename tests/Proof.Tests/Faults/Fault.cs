using Streaming.Proof.Tests.Processes;

namespace Streaming.Proof.Tests.Faults;

/// <summary>What happens to the machine in a round.</summary>
internal enum FaultKind
{
    KillAggregator,
    KillBroker,
    KillPostgres,
    FreezeAggregator,
}

/// <summary>One fault, drawn from a seed.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Replica">To which Aggregator, where it happens to one.</param>
/// <param name="After">How long after the load began.</param>
/// <param name="For">How long until what was killed is started again, or what was frozen goes on.</param>
internal sealed record Fault(FaultKind Kind, int Replica, TimeSpan After, TimeSpan For)
{
    /// <summary>Longer than the session timeout of 6 s: the group gives the partitions away meanwhile.</summary>
    private const int LeastFreezeMs = 7_000, MostFreezeMs = 9_500;

    public static Fault Draw(Random random, FaultKind kind, int replicas) => new(
        kind,
        random.Next(replicas),
        TimeSpan.FromMilliseconds(random.Next(200, 2_500)),
        TimeSpan.FromMilliseconds(kind == FaultKind.FreezeAggregator ? random.Next(LeastFreezeMs, MostFreezeMs) : random.Next(0, 1_500)));

    /// <summary>Whether another fault happens to the same program: one at a time is enough for it.</summary>
    public bool HasVictimOf(Fault other) => Victim == other.Victim;

    /// <summary>Strikes when its time has come, and repairs what it did.</summary>
    public async Task HappenAsync(Machine machine)
    {
        await Task.Delay(After);
        await StrikeAsync(machine);
        await Task.Delay(For);
        await RepairAsync(machine);
    }

    public override string ToString() => Kind switch
    {
        FaultKind.KillAggregator => $"kill -9 of aggregator {Replica + 1} after {After.TotalSeconds:F1} s, back after {For.TotalSeconds:F1} s",
        FaultKind.KillBroker => $"kill -9 of the broker after {After.TotalSeconds:F1} s, back after {For.TotalSeconds:F1} s",
        FaultKind.KillPostgres => $"kill -9 of PostgreSQL after {After.TotalSeconds:F1} s, back after {For.TotalSeconds:F1} s",
        _ => $"SIGSTOP of aggregator {Replica + 1} after {After.TotalSeconds:F1} s for {For.TotalSeconds:F1} s",
    };

    private string Victim => Kind switch
    {
        FaultKind.KillBroker => "broker",
        FaultKind.KillPostgres => "postgres",
        _ => $"aggregator {Replica}",
    };

    private Task StrikeAsync(Machine machine)
    {
        switch (Kind)
        {
            case FaultKind.KillAggregator:
                return KillAsync(machine.Aggregators[Replica]);
            case FaultKind.KillBroker:
                return KillAsync(machine.Broker);
            case FaultKind.KillPostgres:
                return machine.KillPostgresAsync();
            default:
                machine.Aggregators[Replica].Send(Signal.Stop);
                return Task.CompletedTask;
        }
    }

    private Task RepairAsync(Machine machine)
    {
        switch (Kind)
        {
            case FaultKind.KillAggregator:
                return machine.Aggregators[Replica].StartAsync();
            case FaultKind.KillBroker:
                return machine.Broker.StartAsync();
            case FaultKind.KillPostgres:
                return machine.Postgres.StartAsync();
            default:
                machine.Aggregators[Replica].Send(Signal.Continue);
                return Task.CompletedTask;
        }
    }

    private static async Task KillAsync(ServiceProgram program)
    {
        program.Send(Signal.Kill);
        await program.EndedAsync();
    }
}
