namespace Streaming.Embedded.Aspire.Tests.Hosting.BadInput;

/// <summary>A start that is broken off at any moment, with servers under way: nothing is left.</summary>
public sealed class BrokenOffStartTests
{
    private const int Seed = 5;
    private const int Moments = 4;
    private static readonly TimeSpan s_latest = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    public async Task Nothing_is_left_of_a_start_that_was_broken_off(string signal, int codeOfSignal)
    {
#pragma warning disable CA5394 // The moments are to be reproducible, not unpredictable.
        var random = new Random(Seed);
        for (var i = 0; i < Moments; i++)
        {
            var moment = s_latest * ((i + random.NextDouble()) / Moments);
#pragma warning restore CA5394
            await using var run = AppHostRun.Start("--DcpPublisher:RandomizePorts=true", "--Servers=true", "--FirstChild=true");
            await Task.Delay(moment); // The moment is what is tested; whatever has been started by then.
            run.Signal(signal);

            var exitCode = await run.ExitCodeAsync();

            // Before the host listens to signals, it is the signal itself that ends it.
            Assert.True(exitCode == codeOfSignal || (exitCode == 0 && signal != "KILL"), $"{signal} after {moment}, seed {Seed}: exit code {exitCode}\n{run.Output}");
            await run.LeavesNothingAsync($"{signal} after {moment}, seed {Seed}");
        }
    }
}
