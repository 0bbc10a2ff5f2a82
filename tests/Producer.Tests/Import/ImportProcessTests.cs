using System.Diagnostics;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Streaming.Contracts.Weather;
using Streaming.Tests;

namespace Streaming.Producer.Tests.Import;

/// <summary>The command as people type it: a process, with standard input.</summary>
public sealed class ImportProcessTests
{
    [Fact]
    public async Task Weather_stations_records_from_standard_input_are_readings_of_the_weather_scenario()
    {
        await using var cluster = await Cluster.StartAsync();
        await KafkaTopics.EnsureAsync(
            new Confluent.Kafka.ClientConfig { BootstrapServers = cluster.BootstrapServers }, [Topics.RawWeather], Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, CancellationToken.None);
        var lines = await File.ReadAllLinesAsync(PublicData.Weather);

        var (code, output, errors) = await RunAsync(
            cluster, string.Join('\n', lines.Take(1).Concat(lines.Skip(1).OrderBy(line => line.Split(',')[1], StringComparer.Ordinal))),
            "-", "--format", "csv", "--topic", Topics.RawWeather.Name, "--key", "station", "--time", "time", "--map", "location=station", "--map", "date=time", "--map", "temp_max=temperature");

        Assert.True(code == 0, errors);
        Assert.StartsWith("2,922 records in topic raw_weather", output, StringComparison.Ordinal);
        var expected = lines.Skip(1).Select(line => line.Split(',')).Select(cells => $"{cells[0]} {cells[1]} {cells[3]} {cells[5]}");
        var read = cluster.Read(Topics.RawWeather.Name, Topics.RawWeather.Partitions).Select(record =>
        {
            Assert.Null(RawReadingJson.Decode(record.Message.Key, record.Message.Value, out var reading));
            return FormattableString.Invariant($"{reading!.Station} {reading.Time:yyyy-MM-dd} {reading.Temperature} {reading.Wind}");
        });
        Assert.Equal(expected.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(Cluster cluster, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "Producer.dll"), "import", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ConnectionStrings__kafka"] = cluster.BootstrapServers;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill();
        }
    }
}
