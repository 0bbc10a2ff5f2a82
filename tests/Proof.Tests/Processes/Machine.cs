using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Streaming.Proof.Tests.Processes;

/// <summary>The whole pipeline as separate processes on fixed ports: a broker, PostgreSQL, and Aggregators that share a group.</summary>
internal sealed class Machine : IAsyncDisposable
{
    /// <summary>Ports that no outgoing connection is given (Linux takes those from 32768 on): a server that comes back finds its own free.</summary>
    private const int FirstPort = 20_000, LastPort = 32_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-proof-").FullName;
    private readonly string _postgresFolder;

    public Machine(int replicas)
    {
        var (brokerPort, databasePort) = (FreePort(), FreePort());
        _postgresFolder = Path.Combine(_folder, "postgres");
        BootstrapServers = $"127.0.0.1:{brokerPort}";
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = databasePort,
            Username = "postgres",
            Password = "proof",
            Database = "streaming",
        }.ConnectionString;
        Broker = new("broker", Built("Kafka", "Streaming.Embedded.Kafka.dll"), _folder)
        {
            Arguments = ["--listen", BootstrapServers, "--data", Path.Combine(_folder, "kafka"), "--no-auto-create"],
            ReadyLine = "ready",
        };
        Postgres = new("postgres", Built("Postgres", "Streaming.Embedded.Postgres.dll"), _folder)
        {
            Arguments = ["--port", databasePort.ToString(CultureInfo.InvariantCulture), "--data", _postgresFolder],
            Environment = new Dictionary<string, string> { ["STREAMING_POSTGRES_PASSWORD"] = "proof" },
            ReadyLine = "ready",
        };
        Aggregators = [.. Enumerable.Range(1, replicas).Select(number => new ServiceProgram($"aggregator-{number}", Built("Aggregator", "Aggregator.dll"), _folder) { Environment = Settings() })];
    }

    public string BootstrapServers { get; }

    public string ConnectionString { get; }

    public ServiceProgram Broker { get; }

    public ServiceProgram Postgres { get; }

    public IReadOnlyList<ServiceProgram> Aggregators { get; }

    public IEnumerable<ServiceProgram> All => [Broker, Postgres, .. Aggregators];

    /// <summary>Keeps the folder, with every program's whole log in it, when this is set.</summary>
    public bool IsKept { get; set; }

    public async Task StartAsync()
    {
        await Task.WhenAll(Broker.StartAsync(), Postgres.StartAsync());
        await Task.WhenAll(Aggregators.Select(aggregator => aggregator.StartAsync()));
    }

    /// <summary>Kills the server itself and all of its children at once; what started it notices, and ends.</summary>
    public async Task KillPostgresAsync()
    {
        var file = Directory.EnumerateFiles(_postgresFolder, "postmaster.pid", SearchOption.AllDirectories).Single();
        var server = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
        Signal.Send(Signal.Kill, [server, .. Signal.ChildrenOf(server)]);
        await Postgres.EndedAsync();
    }

    /// <summary>What to say about every program when something did not happen.</summary>
    public string Describe() => string.Join('\n', All.Select(program =>
        $"==== {program.Name} {(program.IsRunning ? $"runs as {program.ProcessId}" : "has ended")}\n{program.LastLines}"))
        + $"\n==== everything they wrote: {_folder}";

    public async ValueTask DisposeAsync()
    {
        foreach (var program in All.Reverse())
        {
            await program.DisposeAsync();
        }

        if (!IsKept)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>A program in its own output folder, beside that of the tests: bin/(project)/(configuration).</summary>
    private static string Built(string project, string assembly)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, assembly);
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["ConnectionStrings__kafka"] = BootstrapServers,
        ["ConnectionStrings__streaming"] = ConnectionString,
        ["Aggregator__Pipelines"] = "sales-by-store",
        ["Aggregator__SessionTimeout"] = "00:00:06",
        ["Aggregator__CheckpointInterval"] = "00:00:00.100",
        ["Aggregator__IdleTimeout"] = "00:00:03",
        ["Aggregator__RelayLease"] = "00:00:03",
        ["Aggregator__RelayInterval"] = "00:00:00.050",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
    };

    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(FirstPort, LastPort));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
