using System.Diagnostics;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>The contender: the real Aggregator, one instance in its own process, as shipped, checkpointing into a fresh database.</summary>
internal static class AggregatorRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>Lets it read the topic from its start until a checkpoint holds the last record, and checks the results.</summary>
    /// <returns>What it has committed.</returns>
    /// <exception cref="InvalidOperationException">It ended early, took too long, or its results are wrong.</exception>
    public static async Task<Achieved> RunAsync(
        string bootstrapServers, string server, string name, Settings settings, long sum, CancellationToken cancellationToken)
    {
        await using ResultsDatabase database = await ResultsDatabase.CreateAsync(server, name, cancellationToken);
        using Process process = Start(bootstrapServers, database.ConnectionString, groupId: name);
        try
        {
            Achieved achieved = await MeasureAsync(process, database, settings.Events, cancellationToken);
            await database.VerifyAsync(settings.Events, sum, cancellationToken);
            return achieved;
        }
        finally
        {
            process.Kill(entireProcessTree: true); // whatever it has not committed is of no interest any more
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<Achieved> MeasureAsync(Process process, ResultsDatabase database, int events, CancellationToken cancellationToken)
    {
        var rate = new Rate(events, process);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            rate.Reach(await database.CommittedAsync(cancellationToken));
            if (rate.Result is { } achieved)
            {
                return achieved;
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(start) > Limit)
            {
                throw new InvalidOperationException(process.HasExited
                    ? $"The Aggregator ended with code {process.ExitCode}; its log above says why."
                    : $"The Aggregator was not done after {Limit}.");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    private static Process Start(string bootstrapServers, string connectionString, string groupId)
    {
        var start = new ProcessStartInfo(DotNet.Host)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Aggregator.dll") },
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["ConnectionStrings__kafka"] = bootstrapServers,
                ["ConnectionStrings__streaming"] = connectionString,
                ["Aggregator__Pipelines"] = "sales-by-store",
                ["Aggregator__GroupPrefix"] = groupId + "-",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Logging__LogLevel__Default"] = "Warning",
                // On an empty database EF logs its question for the migrations' table as a failure.
                ["Logging__LogLevel__Microsoft.EntityFrameworkCore.Database.Command"] = "None",
            },
        };
        return Process.Start(start) ?? throw new InvalidOperationException("The Aggregator did not start.");
    }
}
