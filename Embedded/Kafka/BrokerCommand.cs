using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Security;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka;

/// <summary>The command line: starts a broker, says when it is ready, and stops it on a signal or at the end of standard input.</summary>
internal static class BrokerCommand
{
    private static readonly Option<IPEndPoint> Listen = new("--listen")
    {
        Description = "Address to listen on; port 0 picks a free one.",
        HelpName = "host:port",
        CustomParser = static result => IPEndPoint.TryParse(result.Tokens[0].Value, out var endPoint) ? endPoint : Refuse(result),
        DefaultValueFactory = static _ => new IPEndPoint(IPAddress.Loopback, 9092),
    };

    private static readonly Option<DirectoryInfo> Data = new("--data") { Description = "Folder that holds everything.", Required = true };
    private static readonly Option<string?> Advertise = new("--advertise") { Description = "host:port told to clients; default: where they connected to." };
    private static readonly Option<FileInfo?> Certificate = new("--tls-certificate") { Description = "PEM file of the certificate that clients are shown; connections are encrypted then." };
    private static readonly Option<FileInfo?> CertificateKey = new("--tls-key") { Description = "PEM file of the certificate's private key." };
    private static readonly Option<FileInfo?> SaslUserFile = new("--sasl-users") { Description = "File of lines 'name:password': who may connect, with SASL/PLAIN." };
    private static readonly Option<bool> Fsync = new("--fsync") { Description = "Force appends to the disk before they are acknowledged." };
    private static readonly Option<bool> StopWithStdin = new("--stop-with-stdin") { Description = "Stop when standard input ends." };
    private static readonly Option<bool> NoAutoCreate = new("--no-auto-create") { Description = "Do not create topics on first use." };
    private static readonly Option<int> Partitions = new("--partitions")
    {
        Description = "Partitions of a topic whose creator does not say.",
        DefaultValueFactory = static _ => 1,
    };

    private static readonly Option<double> RetentionHours = new("--retention-hours")
    {
        Description = "How long records are kept where a topic does not say; -1: without limit.",
        DefaultValueFactory = static _ => 168,
    };

    private static readonly Option<long> RetentionBytes = new("--retention-bytes")
    {
        Description = "Bytes that a partition keeps where a topic does not say; -1: without limit.",
        DefaultValueFactory = static _ => -1,
    };

    private static readonly Option<long> SegmentBytes = new("--segment-bytes")
    {
        Description = "Size of a log segment.",
        DefaultValueFactory = static _ => 128L << 20,
    };

    private static readonly Option<LogLevel> Level = new("--log-level")
    {
        Description = "Least level that is logged, to standard error.",
        DefaultValueFactory = static _ => LogLevel.Information,
    };

    public static RootCommand Create()
    {
        var command = new RootCommand("A single-node broker that speaks the Kafka protocol.")
        {
            Listen, Data, Advertise, Certificate, CertificateKey, SaslUserFile, Fsync, StopWithStdin, NoAutoCreate, Partitions, RetentionHours, RetentionBytes, SegmentBytes, Level,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(arguments.GetValue(Level))
            .AddSimpleConsole(static console => console.SingleLine = true)
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        using var fileSizeLimit = SurviveFileSizeLimit();
        try
        {
            var broker = await KafkaBroker.StartAsync(OptionsOf(arguments), loggers, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using (broker.ConfigureAwait(false))
            {
                await Console.Out.WriteLineAsync($"ready {broker.BootstrapServers}").ConfigureAwait(false);
                await StopRequest.WaitAsync(arguments.GetValue(StopWithStdin), cancellationToken).ConfigureAwait(false);
            }

            return 0;
        }
        catch (Exception problem) when (problem is ArgumentException or SocketException or DataFolderInUseException or TopicConfigException
            or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The broker cannot start: {problem.Message}").ConfigureAwait(false);
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    // A file that reaches the process's size limit (ulimit -f) is to fail the write, as a full disk does; by default the signal ends the process.
    private static PosixSignalRegistration? SurviveFileSizeLimit()
    {
        const PosixSignal sigxfsz = (PosixSignal)25; // Linux and macOS
        return OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(sigxfsz, static context => context.Cancel = true);
    }

    private static BrokerOptions OptionsOf(ParseResult arguments) => new()
    {
        DataDirectory = arguments.GetRequiredValue(Data).FullName,
        Listen = arguments.GetRequiredValue(Listen),
        Advertise = arguments.GetValue(Advertise),
        Certificate = CertificateOf(arguments.GetValue(Certificate), arguments.GetValue(CertificateKey)),
        SaslUsers = arguments.GetValue(SaslUserFile) is { } users ? SaslUsers.Load(users.FullName) : null,
        Fsync = arguments.GetValue(Fsync),
        AutoCreateTopics = !arguments.GetValue(NoAutoCreate),
        DefaultPartitions = arguments.GetValue(Partitions),
        Retention = arguments.GetValue(RetentionHours) is >= 0 and var hours ? TimeSpan.FromHours(hours) : null,
        RetentionBytes = arguments.GetValue(RetentionBytes),
        SegmentBytes = arguments.GetValue(SegmentBytes),
    };

    private static X509Certificate2? CertificateOf(FileInfo? certificate, FileInfo? key) => (certificate, key) switch
    {
        (null, null) => null,
        ({ } c, { } k) => TlsCertificate.Load(c.FullName, k.FullName),
        _ => throw new ArgumentException("--tls-certificate and --tls-key go together."),
    };

    private static IPEndPoint? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--listen is '{result.Tokens[0].Value}'; allowed: an address and a port, such as 127.0.0.1:9092.");
        return null;
    }
}
