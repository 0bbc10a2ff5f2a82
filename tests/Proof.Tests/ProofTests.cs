using System.Diagnostics;
using System.Globalization;
using Streaming.Contracts;
using Streaming.Proof.Tests.Faults;
using Streaming.Proof.Tests.Load;
using Streaming.Proof.Tests.Processes;
using Streaming.Proof.Tests.Verification;
using Streaming.Tests.Oracle;
using Xunit.Abstractions;

namespace Streaming.Proof.Tests;

/// <summary>
/// Exactly once, shown: the whole pipeline as separate processes under load, one fault in each round, and after each round everything that was written against
/// a naive recomputation. <c>PROOF_SEED</c> repeats the faults, their moments and the load of a run; <c>PROOF_ROUNDS</c> makes it longer or shorter.
/// </summary>
public sealed class ProofTests(ITestOutputHelper output)
{
    private const int Replicas = 2;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HistoryBegins = TimeSpan.FromHours(-24);
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    [UnixFact]
    public async Task After_each_round_with_a_fault_tables_and_topics_equal_a_naive_recomputation()
    {
        var seed = Number("PROOF_SEED") ?? Random.Shared.Next();
        var faults = FaultPlan.Draw(seed, Number("PROOF_ROUNDS") ?? 10, Replicas);
        await using var machine = new Machine(Replicas);
        var round = 0;
        try
        {
            await machine.StartAsync();
            var tables = new ResultTables(machine.ConnectionString);
            await ClaimedAsync(tables);
            using var load = new LoadProducer(machine.BootstrapServers, Topics.Sales.Name);
            await load.DescribeAsync(SaleSource.Stores(Topics.Sales.Partitions));
            var verifier = new Verifier(machine.BootstrapServers, tables, load);
            var clocks = Enumerable.Range(0, Topics.Sales.Partitions)
                .Select(_ => new EventClock(DateTimeOffset.UtcNow.Add(HistoryBegins).ToUnixTimeMilliseconds())).ToList();
            IReadOnlyList<long?> watermarks = [.. clocks.Select(_ => (long?)null)];
            for (round = 1; round <= faults.Count; round++)
            {
                watermarks = await RoundAsync(machine, load, verifier, clocks, watermarks, faults[round - 1], seed, round);
            }
        }
        catch (Exception e)
        {
            machine.IsKept = true;
            Assert.Fail($"Seed {seed}, round {round} ({(round > 0 ? faults[round - 1] : "start")}). Repeat: PROOF_SEED={seed} dotnet test tests/Proof.Tests\n{e}\n{machine.Describe()}");
        }
    }

    private async Task<IReadOnlyList<long?>> RoundAsync(
        Machine machine, LoadProducer load, Verifier verifier, List<EventClock> clocks, IReadOnlyList<long?> watermarks, Fault fault, int seed, int round)
    {
        var started = Stopwatch.GetTimestamp();
        var random = new Random(unchecked((seed * 397) + round));
        for (var partition = 0; partition < clocks.Count; partition++)
        {
            clocks[partition].BeginRound(random, watermarks[partition]);
        }

        var rate = random.Next(200, 3_000);
        using (var stop = new CancellationTokenSource())
        {
            var sending = load.RunAsync(new SaleSource(random, clocks), rate, stop.Token);
            await Task.Delay(fault.After);
            await fault.StrikeAsync(machine);
            await Task.Delay(fault.For);
            await fault.RepairAsync(machine);
            await Task.Delay(Calm);
            await stop.CancelAsync();
            await sending;
        }

        load.Flush();
        var totals = await verifier.VerifyAsync(CancellationToken.None);
        Assert.All(machine.All, program => Assert.True(program.IsRunning, $"{program.Name} has ended by itself"));
        var line = string.Create(CultureInfo.InvariantCulture,
            $"seed {seed} round {round}: {fault}; {rate} records/s. Equal: {totals.Records} records, {totals.Windows} windows ({totals.Final} final), {totals.Late} late, {totals.Rejected} rejected, {totals.Marks} marks; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        output.WriteLine(line);
        return totals.Watermarks;
    }

    private static async Task ClaimedAsync(ResultTables tables)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            string seen;
            try
            {
                var claimed = (await tables.ProgressAsync(CancellationToken.None)).Count;
                if (claimed == Topics.Sales.Partitions)
                {
                    return;
                }

                seen = $"{claimed} of {Topics.Sales.Partitions} partitions are claimed";
            }
            catch (Npgsql.NpgsqlException e)
            {
                seen = e.Message; // the database or its tables are not there yet
            }

            if (Stopwatch.GetElapsedTime(started) > StartBound)
            {
                throw new TimeoutException($"Not within {StartBound} of the start: {seen}");
            }

            await Task.Delay(100);
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
