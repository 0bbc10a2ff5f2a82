using System.Diagnostics;
using System.Globalization;
using Streaming.Proof.Tests.Faults;
using Xunit.Abstractions;

namespace Streaming.Proof.Tests;

/// <summary>
/// Exactly once, shown: the whole pipeline as separate processes under load, one fault in each round, and after each round everything that was written against
/// a naive recomputation. <c>PROOF_SEED</c> repeats the faults, their moments and the load of a run; <c>PROOF_ROUNDS</c> makes it longer or shorter,
/// <c>PROOF_FAULTS</c> (several in each round, overlapping) harder.
/// </summary>
public sealed class ProofTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    [UnixFact]
    public async Task After_each_round_with_a_fault_tables_and_topics_equal_a_naive_recomputation()
    {
        var seed = Number("PROOF_SEED") ?? Random.Shared.Next();
        var perRound = Number("PROOF_FAULTS") ?? 1;
        var faults = FaultPlan.Draw(seed, Number("PROOF_ROUNDS") ?? 10, perRound, replicas: 2);
        var round = 0;
        await Trial.RunAsync(
            async trial =>
            {
                for (round = 1; round <= faults.Count; round++)
                {
                    output.WriteLine(await RoundAsync(trial, faults[round - 1], seed, round));
                }
            },
            () => $"Seed {seed}, round {round} ({(round > 0 ? Text(faults[round - 1]) : "start")}). "
                + $"Repeat: PROOF_SEED={seed} PROOF_FAULTS={perRound} PROOF_ROUNDS={faults.Count} dotnet test tests/Proof.Tests --filter {nameof(ProofTests)}");
    }

    private static async Task<string> RoundAsync(Trial trial, IReadOnlyList<Fault> faults, int seed, int round)
    {
        var started = Stopwatch.GetTimestamp();
        var random = new Random(unchecked((seed * 397) + round));
        var rate = random.Next(200, 3_000);
        await trial.UnderLoadAsync(random, rate, async () =>
        {
            await Task.WhenAll(faults.Select(fault => fault.HappenAsync(trial.Machine)));
            await Task.Delay(Calm);
        });
        var t = await trial.VerifyAsync();
        return string.Create(CultureInfo.InvariantCulture,
            $"seed {seed} round {round}: {Text(faults)}; {rate} records/s. Equal: {t.Records} records, {t.Windows} windows ({t.Final} final), {t.Late} late, {t.Rejected} rejected, {t.Marks} marks, {t.Alerts} alerts; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
    }

    private static string Text(IEnumerable<Fault> faults) => string.Join("; ", faults);

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
