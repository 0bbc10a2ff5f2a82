using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Streaming.Data;
using Streaming.Embedded.Postgres;

namespace Streaming.Benchmarks.DeviceRanges;

/// <summary>Measures how long the page of devices takes to load, by the length of its range.</summary>
internal static class DeviceRanges
{
    private static readonly (string Title, string Query)[] Ranges =
    [
        ("last hour", "?span=1h"), ("last 24 hours", "?span=24h"), ("last 7 days", "?span=7d"), ("last 30 days", "?span=30d"), ("last year", "?span=1y"), ("last 10 years", "?span=10y"),
        ("a past year, one site", $"?from={DateTime.UtcNow.AddDays(-400):yyyy-MM-dd}T00:00Z&to={DateTime.UtcNow.AddDays(-35):yyyy-MM-dd}T00:00Z&site=oslo"),
    ];

    /// <param name="args">How many rounds; 5 unless said.</param>
    public static async Task Main(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        Console.WriteLine(Machine.Description);
        var folder = Directory.CreateTempSubdirectory("device-ranges-").FullName;
        await using var server = await PostgresServer.StartAsync(new PostgresOptions { DataDirectory = Path.Combine(folder, "postgres") });
        var connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "streaming" }.ConnectionString;
        await using (var context = new StreamingDbContext(new DbContextOptionsBuilder<StreamingDbContext>().UseNpgsql(connectionString).Options))
        {
            await context.Database.MigrateAsync();
        }

        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            var rows = await new Seed(database).WriteAsync(CancellationToken.None);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:#,0} rows: 12 sites in 4 partitions, two days of minutes, 90 days of hours, ten years of days; 2,000 devices"));
        }

        await using var application = new WebApplicationFactory<Program>();
        await using var dashboard = application.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", connectionString));
        using var client = dashboard.CreateClient();
        // The first requests compile the page.
        for (var i = 0; i < 20 && !HasChart(await client.GetStringAsync(new Uri("/devices?span=15m", UriKind.Relative))); i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        foreach (var (title, query) in Ranges)
        {
            await MeasureAsync(client, title, query, rounds);
        }

        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static bool HasChart(string html) => html.Contains(")\" d=\"M", StringComparison.Ordinal);

    private static async Task MeasureAsync(HttpClient client, string title, string query, int rounds)
    {
        var times = new List<double>();
        var length = 0;
        for (var round = 0; round < rounds; round++)
        {
            // After a while without a viewer a range is forgotten: each round reads it anew.
            await Task.Delay(round == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(17));
            var started = Stopwatch.GetTimestamp();
            var html = await client.GetStringAsync(new Uri("/devices" + query, UriKind.Relative));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            length = HasChart(html) ? html.Length : throw new InvalidOperationException($"{title}: the page has no chart.");
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-24} median {times[rounds / 2],6:0} ms, longest {times[^1],6:0} ms, page {length / 1024} KiB"));
    }
}
