using System.CommandLine;
using System.Net;
using Confluent.Kafka;

namespace Streaming.Embedded.SchemaRegistry;

/// <summary>The command line: starts a registry, says when it is ready, and stops it on a signal or at the end of standard input.</summary>
internal static class RegistryCommand
{
    private const string ServersVariable = "SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS";

    private static readonly Option<IPEndPoint> Listen = new("--listen")
    {
        Description = "Address to listen on; port 0 picks a free one.",
        HelpName = "host:port",
        CustomParser = static result => IPEndPoint.TryParse(result.Tokens[0].Value, out var endPoint) ? endPoint : Refuse(result),
        DefaultValueFactory = static _ => new IPEndPoint(IPAddress.Loopback, 8081),
    };

    // The container's own variable, so that an application model says it once for both.
    private static readonly Option<string?> Kafka = new("--kafka")
    {
        Description = $"Bootstrap servers of the Kafka that keeps the schemas; default: the variable {ServersVariable}.",
        HelpName = "host:port",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable(ServersVariable)?.Replace("PLAINTEXT://", "", StringComparison.Ordinal),
    };

    private static readonly Option<string> Topic = new("--topic") { Description = "The compacted topic that holds them.", DefaultValueFactory = static _ => "_schemas" };
    private static readonly Option<bool> StopWithStdin = new("--stop-with-stdin") { Description = "Stop when standard input ends." };

    public static RootCommand Create()
    {
        var command = new RootCommand("A small schema registry for Avro with Confluent's REST interface.") { Listen, Kafka, Topic, StopWithStdin };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging => logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(static console => console.SingleLine = true)
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        if (arguments.GetValue(Kafka) is not { Length: > 0 } servers)
        {
            await Console.Error.WriteLineAsync($"The schema registry cannot start: neither --kafka nor {ServersVariable} says where Kafka is.").ConfigureAwait(false);
            return 1;
        }

        var options = new SchemaRegistryOptions
        {
            BootstrapServers = servers,
            Listen = arguments.GetRequiredValue(Listen),
            Topic = arguments.GetRequiredValue(Topic),
        };
        try
        {
            var server = await RegistryServer.StartAsync(options, loggers, cancellationToken).ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                await Console.Out.WriteLineAsync($"ready {server.Address}").ConfigureAwait(false);
                var told = StopRequest.WaitAsync(arguments.GetValue(StopWithStdin), cancellationToken);
                if (await Task.WhenAny(told, server.TakenOver).ConfigureAwait(false) == told)
                {
                    return 0;
                }

                Log.TakenOver(loggers.CreateLogger<RegistryServer>(), options.Topic);
                return 1;
            }
        }
        catch (Exception e) when (e is IOException or KafkaException)
        {
            await Console.Error.WriteLineAsync($"The schema registry cannot start: {e.Message}").ConfigureAwait(false);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static IPEndPoint? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--listen is '{result.Tokens[0].Value}'; allowed: an address and a port, such as 127.0.0.1:8081.");
        return null;
    }
}
