using System.Diagnostics;
using System.Globalization;
using Streaming.Proof.Tests.Faults;
using Xunit.Abstractions;

namespace Streaming.Proof.Tests;

/// <summary>
/// Exactly once, shown: the whole pipeline as separate processes under load, one fault in each round, and after each round everything that was written against
/// a naive recomputation. <c>PROOF_SEED</c> repeats the faults, their moments and the load of a run; <c>PROOF_ROUNDS</c> makes it longer or shorter.
/// </summary>
public sealed class ProofTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    [UnixFact]
    public async Task After_each_round_with_a_fault_tables_and_topics_equal_a_naive_recomputation()
    {
        var seed = Number("PROOF_SEED") ?? Random.Shared.Next();
        var faults = FaultPlan.Draw(seed, Number("PROOF_ROUNDS") ?? 10, replicas: 2);
        var round = 0;
        await Trial.RunAsync(
            async trial =>
            {
                for (round = 1; round <= faults.Count; round++)
                {
                    output.WriteLine(await RoundAsync(trial, faults[round - 1], seed, round));
                }
            },
            () => $"Seed {seed}, round {round} ({(round > 0 ? faults[round - 1] : "start")}). Repeat: PROOF_SEED={seed} dotnet test tests/Proof.Tests --filter {nameof(ProofTests)}");
    }

    private static async Task<string> RoundAsync(Trial trial, Fault fault, int seed, int round)
    {
        var started = Stopwatch.GetTimestamp();
        var random = new Random(unchecked((seed * 397) + round));
        var rate = random.Next(200, 3_000);
        await trial.UnderLoadAsync(random, rate, async () =>
        {
            await Task.Delay(fault.After);
            await fault.StrikeAsync(trial.Machine);
            await Task.Delay(fault.For);
            await fault.RepairAsync(trial.Machine);
            await Task.Delay(Calm);
        });
        var t = await trial.VerifyAsync();
        return string.Create(CultureInfo.InvariantCulture,
            $"seed {seed} round {round}: {fault}; {rate} records/s. Equal: {t.Records} records, {t.Windows} windows ({t.Final} final), {t.Late} late, {t.Rejected} rejected, {t.Marks} marks; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
