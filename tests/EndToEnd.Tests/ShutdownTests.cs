using Streaming.EndToEnd.Tests.App;

namespace Streaming.EndToEnd.Tests;

public sealed class ShutdownTests
{
    [Fact]
    public async Task When_the_application_is_disposed_no_process_of_it_is_left()
    {
        var app = new RunningApp();
        try
        {
            await app.InitializeAsync();
            if (OperatingSystem.IsLinux())
            {
                Assert.NotEmpty(app.Mark.Processes());
            }
        }
        finally
        {
            await app.DisposeAsync();
        }

        if (OperatingSystem.IsLinux())
        {
            using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await Eventually.GetAsync(
                () => Task.FromResult(string.Join("; ", app.Mark.Processes())), left => left.Length == 0, "no process left", TimeSpan.FromSeconds(20), bound.Token);
        }
    }
}
