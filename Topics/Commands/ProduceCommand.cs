using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Reading;
using Streaming.Topics.Connecting;
using Streaming.Topics.Producing;

namespace Streaming.Topics.Commands;

/// <summary><c>produce</c>: lines become records.</summary>
internal sealed class ProduceCommand
{
    private const int LongestLine = 64 * 1024 * 1024;
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(3);

    private readonly CommandContext _context;
    private readonly Argument<string> _topic = CommandLine.TopicArgument();
    private readonly Option<FileInfo> _file = new("--file", "-f") { Description = "Read this file instead of standard input.", HelpName = "FILE" };
    private readonly Option<bool> _whole = new("--whole") { Description = "The whole input is one record instead of one for each line." };
    private readonly Option<string> _separator = new("--key-separator", "-K") { Description = "Lines begin with a key; this stands between it and the value.", HelpName = "TEXT" };
    private readonly Option<string> _keyFormat = FormatOption.Create("--key-format", "As what keys are written", "text");
    private readonly Option<string> _valueFormat = FormatOption.Create("--value-format", "As what values are written", "text");
    private readonly Option<string> _keySchema = new("--key-schema") { Description = "For Avro keys: the number of a registered schema, or a file with one, which is registered.", HelpName = "ID|FILE" };
    private readonly Option<string> _valueSchema = new("--value-schema") { Description = "For Avro values: the number of a registered schema, or a file with one, which is registered.", HelpName = "ID|FILE" };
    private readonly Option<string> _nullMarker = new("--null-marker") { Description = "A key or value that is exactly this is null: a deletion in a compacted topic.", HelpName = "TEXT" };
    private readonly Option<string[]> _headers = new("--header", "-H") { Description = "A header of every record. May be repeated.", HelpName = "NAME=VALUE" };
    private readonly Option<int?> _partition = new("--partition") { Description = "Send all to this partition instead of by key.", HelpName = "N" };
    private readonly Option<string> _acks = new("--acks") { Description = "Who has to have a record before it counts as sent: nobody (0), the leader (1), all copies in sync (all).", DefaultValueFactory = _ => "all" };
    private readonly Option<string> _compression = new("--compression") { Description = "How batches are compressed.", DefaultValueFactory = _ => "none" };

    private ProduceCommand(CommandContext context) => _context = context;

    public static Command Build(CommandContext context) => new ProduceCommand(context).Build();

    private Command Build()
    {
        _acks.AcceptOnlyFromAmong("0", "1", "all");
        _compression.AcceptOnlyFromAmong("none", "gzip", "snappy", "lz4", "zstd");
        Command command = new("produce", "Send lines of standard input or a file as records.")
        {
            _topic, _file, _whole, _separator, _keyFormat, _valueFormat, _keySchema, _valueSchema, _nullMarker, _headers, _partition, _acks, _compression,
        };
        command.SetAction(_context.OnConnection(RunAsync));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancellationToken)
    {
        var headers = Headers(parsed.GetValue(_headers) ?? []);
        var target = new TopicPartition(parsed.GetRequiredValue(_topic), parsed.GetValue(_partition) ?? Partition.Any);
        using var cluster = connection.Open();
        var parser = await ParserAsync(parsed, connection, target.Topic, cancellationToken);
        await CheckAsync(cluster, target, cancellationToken);
        await using var input = Open(parsed.GetValue(_file));
        using var sender = new Sender(Settings(parsed, connection), _context.Terminal.Say);
        var work = new LineSender(new LineReader(input, LongestLine), parser, sender, target, headers, _context.Terminal.Say);
        var cancelled = await work.RunAsync(parsed.GetValue(_whole), cancellationToken);
        var left = await sender.FlushAsync(FlushPatience, cancellationToken);
        Report(parsed, sender, work.Refused, left);
        return cancelled || cancellationToken.IsCancellationRequested ? ExitCodes.Cancelled : sender.Failed + work.Refused + left > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    private async Task<RecordParser> ParserAsync(ParseResult parsed, Connection connection, string topic, CancellationToken cancellationToken)
    {
        var key = await PayloadWriters.CreateAsync(
            FormatOption.Read(parsed, _keyFormat), parsed.GetValue(_keySchema), $"{topic}-key", _keyFormat.Name, connection, cancellationToken);
        var value = await PayloadWriters.CreateAsync(
            FormatOption.Read(parsed, _valueFormat), parsed.GetValue(_valueSchema), $"{topic}-value", _valueFormat.Name, connection, cancellationToken);
        return new RecordParser(key, value, parsed.GetValue(_separator) is { Length: > 0 } separator ? separator : null, parsed.GetValue(_nullMarker));
    }

    private Stream Open(FileInfo? file)
    {
        if (file is null)
        {
            if (_context.Terminal.IsInputTerminal)
            {
                _context.Terminal.Say("One record per line; Ctrl+D ends, Ctrl+C stops.");
            }

            return _context.Terminal.Input;
        }

        try
        {
            return file.OpenRead();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{file.FullName}' cannot be read: {exception.Message}");
        }
    }

    /// <summary>A topic is not created by a slip of the pen, as brokers would do.</summary>
    private static async Task CheckAsync(ClusterConnection cluster, TopicPartition target, CancellationToken cancellationToken)
    {
        var topic = await new TopicReader(cluster).FindAsync(target.Topic, cancellationToken)
            ?? throw new ClusterException(ClusterFailure.NotFound, $"There is no topic '{target.Topic}'. Create it first: topics create {target.Topic}");
        if (target.Partition != Partition.Any && topic.Partitions.All(partition => partition.Partition != target.Partition.Value))
        {
            throw new UsageException($"--partition {target.Partition.Value}: topic '{topic.Name}' has {topic.Partitions.Length} partitions, from 0.");
        }
    }

    private ProducerConfig Settings(ParseResult parsed, Connection connection)
    {
        var acks = parsed.GetRequiredValue(_acks);
        return new ProducerConfig(connection.Client.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            Acks = acks switch { "0" => Acks.None, "1" => Acks.Leader, _ => Acks.All },
            EnableIdempotence = acks == "all",
            CompressionType = Enum.Parse<CompressionType>(parsed.GetRequiredValue(_compression), ignoreCase: true),
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 5,
            MessageTimeoutMs = Math.Max(1000, (int)connection.RequestTimeout.TotalMilliseconds * 3),
            MessageMaxBytes = LongestLine,
        };
    }

    private void Report(ParseResult parsed, Sender sender, long refused, int left)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"Sent {sender.Sent:#,0} records")
            + (refused > 0 ? string.Create(CultureInfo.InvariantCulture, $", left out {refused:#,0} lines") : "")
            + (sender.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {sender.Failed:#,0} were not taken") : "")
            + (left > 0 ? string.Create(CultureInfo.InvariantCulture, $", of {left:#,0} it is not known") : "") + ".";
        _context.Results(parsed).Done(new { sent = sender.Sent, refused, failed = sender.Failed, unknown = left }, words);
    }

    private static Headers Headers(string[] given)
    {
        var headers = new Headers();
        foreach (var pair in given)
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            headers.Add(cut > 0 ? pair[..cut] : throw new UsageException($"--header takes NAME=VALUE, this is '{pair}'."), System.Text.Encoding.UTF8.GetBytes(pair[(cut + 1)..]));
        }

        return headers;
    }
}
