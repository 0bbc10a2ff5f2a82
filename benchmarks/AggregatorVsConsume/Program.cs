using System.Globalization;
using System.Runtime.InteropServices;
using Streaming.Benchmarks;
using Streaming.Benchmarks.AggregatorVsConsume;
using Streaming.Embedded.Postgres;

// How fast is the Aggregator with its checkpoint on, beside a bare consume loop in the same run? See benchmarks/README.md.
if (args is [BrokerProcess.Argument, var data])
{
    await BrokerProcess.ServeAsync(data);
    return 0;
}

Settings settings = Settings.Parse(args);
using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
DirectoryInfo folder = Directory.CreateTempSubdirectory("streaming-benchmark-");
try
{
    await RunAsync(settings, folder.FullName, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
finally
{
    folder.Delete(recursive: true);
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

static async Task RunAsync(Settings settings, string folder, CancellationToken cancellationToken)
{
    // The PostgreSQL server may run as another user, who has to be let through.
    if (!OperatingSystem.IsWindows())
    {
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
    }

    await using BrokerProcess broker = await BrokerProcess.StartAsync(Path.Combine(folder, "kafka"), cancellationToken);
    await using PostgresServer postgres = await PostgresServer.StartAsync(
        new PostgresOptions { DataDirectory = Path.Combine(folder, "postgres") }, cancellationToken: cancellationToken);
    Console.WriteLine(Machine.Description);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{settings.Events:#,##0} sales of {settings.Keys:#,##0} stores over {settings.Minutes} minutes of event time (seed {settings.Seed})"));
    long sum = await SalesTopic.FillAsync(broker.BootstrapServers, settings);

    var loops = new List<Achieved>();
    var aggregators = new List<Achieved>();
    Console.WriteLine("round   bare consume loop      Aggregator");
    for (int round = 0; round <= settings.Rounds; round++)
    {
        Achieved loop = ConsumeLoop.Run(broker.BootstrapServers, settings.Events, cancellationToken);
        Console.Write($"{(round == 0 ? "warm" : round),6}  {loop}");
        Achieved aggregator = await AggregatorRun.RunAsync(
            broker.BootstrapServers, postgres.ConnectionString, $"round_{round}", settings, sum, cancellationToken);
        Console.WriteLine($"   {aggregator}");
        if (round > 0)
        {
            loops.Add(loop);
            aggregators.Add(aggregator);
        }
    }

    (Achieved ofLoop, Achieved ofAggregator) = (Achieved.MedianOf(loops), Achieved.MedianOf(aggregators));
    Console.WriteLine($"median  {ofLoop}   {ofAggregator}");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio   {ofAggregator.PerSecond / ofLoop.PerSecond:0.00}"));
}
