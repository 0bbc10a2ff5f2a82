using Spectre.Console;
using Streaming.Producer.Import;
using Streaming.Producer.Import.Screen;

namespace Streaming.Producer.Tests.Import;

public sealed class TerminalScreenTests
{
    [Theory]
    [InlineData(1000L, "100%")]
    [InlineData(null, "1000 B, 20 records")]
    public async Task A_terminal_shows_how_far_the_import_is(long? length, string shown)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 160;
        var screen = new TerminalScreen(console);
        var work = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;

        var result = await screen.DuringAsync(work.Task, () =>
        {
            if (Interlocked.Increment(ref asked) == 5)
            {
                screen.Line("line 3: [bold]no markup[/]");
                work.SetResult(7);
            }

            return asked < 4 ? new ImportProgress(0, length, 0, TimeSpan.Zero) : new ImportProgress(1000, length, 20, TimeSpan.FromSeconds(2));
        });

        Assert.Equal(7, result);
        Assert.Contains(shown, output.ToString(), StringComparison.Ordinal);
        Assert.Contains("20 records, 10/s", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("line 3: [bold]no markup[/]", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L, 2048L, 0L, 0, "0% of 2.0 KiB, 0 records, 0/s")]
    [InlineData(1024L, 2048L, 5000L, 10, "50% of 2.0 KiB, 5,000 records, 500/s, 00:00:10 left")]
    [InlineData(5L << 30, null, 3L, 1, "5.0 GiB, 3 records, 3/s")]
    public void Progress_in_words(long read, long? length, long records, int seconds, string words) =>
        Assert.Equal(words, ProgressText.Of(new ImportProgress(read, length, records, TimeSpan.FromSeconds(seconds))).Replace(" %", "%", StringComparison.Ordinal));

    [Fact]
    public async Task A_screen_that_fails_ends_the_import_in_good_order()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var input = new Feed();
        input.Write("{\"k\":1,\"t\":1}\n");
        using var output = new StringWriter();
        var program = new ImportProgram(output, new Broken(() => input.IsDrained), () => input, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(
            [ImportProgram.Name, "-", "--format", "ndjson", "--topic", "own", "--key", "k", "--time", "t", "--time-format", "s", "--create", "--partitions", "1", "-b", cluster.BootstrapServers],
            CancellationToken.None));

        Assert.Equal("broken screen", failure.Message);
        Assert.Single(cluster.Read("own", 1));
    }

    private sealed class Broken(Func<bool> isTime) : IImportScreen
    {
        public void Line(string text)
        {
        }

        public async Task<T> DuringAsync<T>(Task<T> work, Func<ImportProgress> progress)
        {
            await Eventually.True(isTime, "the line is read");
            throw new InvalidOperationException("broken screen");
        }
    }
}
