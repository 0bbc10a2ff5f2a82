using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Messages;
using Streaming.Cluster.Payloads;
using Streaming.Topics.Connecting;
using Streaming.Topics.Consuming;

namespace Streaming.Topics.Commands;

/// <summary><c>consume</c>: prints a topic's records.</summary>
internal sealed class ConsumeCommand
{
    private readonly CommandContext _context;
    private readonly Argument<string> _topic = CommandLine.TopicArgument();
    private readonly Option<bool> _beginning = new("--from-beginning") { Description = "Begin at the oldest record." };
    private readonly Option<string> _offset = new("--offset", "-o") { Description = "Begin at this offset; earliest, latest, or -N for the newest N of each partition.", HelpName = "N" };
    private readonly Option<string> _time = new("--time", "-t") { Description = $"Begin at the first record since: {InstantText.Forms}.", HelpName = "TIME" };
    private readonly Option<int?> _partition = new("--partition") { Description = "Only this partition.", HelpName = "N" };
    private readonly Option<string> _group = new("--group", "-g") { Description = "Read as a member of this group, from where it stands, and commit what was printed.", HelpName = "GROUP" };
    private readonly Option<long?> _max = new("--max", "-n") { Description = "End after so many records.", HelpName = "N" };
    private readonly Option<double?> _timeout = new("--timeout") { Description = "End when no record has come for so many seconds.", HelpName = "SECONDS" };
    private readonly Option<bool> _untilEnd = new("--until-end") { Description = "End where the topic ends now." };
    private readonly Option<string> _isolation = new("--isolation") { Description = "Whether records of open and aborted transactions are read.", DefaultValueFactory = _ => "read_committed" };
    private readonly Option<string> _print = new("--print") { Description = "What is printed before the value: key,headers,timestamp,partition,offset, or all.", HelpName = "FIELDS" };
    private readonly Option<string> _keyFormat = FormatOption.Create("--key-format", "As what keys are read: auto (Avro where a registry is known, JSON, text, else hex)", "auto");
    private readonly Option<string> _valueFormat = FormatOption.Create("--value-format", "As what values are read: auto", "auto");

    private ConsumeCommand(CommandContext context) => _context = context;

    public static Command Build(CommandContext context) => new ConsumeCommand(context).Build();

    private Command Build()
    {
        _isolation.AcceptOnlyFromAmong("read_committed", "read_uncommitted");
        Command command = new("consume", "Print a topic's records.")
        {
            _topic, _beginning, _offset, _time, _partition, _group, _max, _timeout, _untilEnd, _isolation, _print, _keyFormat, _valueFormat,
        };
        command.SetAction(_context.OnConnection(RunAsync));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Connection connection, CancellationToken cancellationToken)
    {
        var plan = Plan(parsed);
        var terminal = _context.Terminal;
        var fields = PrintedFieldNames.Parse(parsed.GetValue(_print) ?? "");
        using var cluster = connection.Open();
        using var registry = connection.OpenRegistry();
        var reader = new PayloadReader(registry is null ? null : new RegistryAvroReader(registry, _context.Time));
        var printer = new RecordPrinter(terminal.Output, reader, plan, fields, _context.AsJson(parsed));
        var consumption = new Consumption(cluster, plan, printer.PrintAsync, terminal.Output.Flush, terminal.Say);
        var end = await consumption.RunAsync(cancellationToken);
        if (terminal.IsOutputTerminal)
        {
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{consumption.Count:#,0} records."));
        }

        return end switch
        {
            ConsumeEnd.Cancelled => ExitCodes.Cancelled,
            ConsumeEnd.Timeout when plan.Max is not null => ExitCodes.TimedOut,
            _ => ExitCodes.Done,
        };
    }

    private ConsumePlan Plan(ParseResult parsed)
    {
        var group = parsed.GetValue(_group) is { Length: > 0 } name ? name : null;
        var (offset, time) = (parsed.GetValue(_offset), parsed.GetValue(_time));
        if (new[] { parsed.GetValue(_beginning), offset is not null, time is not null }.Count(given => given) > 1)
        {
            throw new UsageException("--from-beginning, --offset and --time exclude each other.");
        }

        if (group is not null && (offset is not null || time is not null || parsed.GetValue(_partition) is not null))
        {
            throw new UsageException("A group begins where it stands and shares out partitions itself: with --group there is no --offset, --time or --partition. See groups reset.");
        }

        if (parsed.GetValue(_max) < 0 || parsed.GetValue(_timeout) is < 0 or > 1e6)
        {
            throw new UsageException("--max and --timeout are not negative.");
        }

        return new ConsumePlan(parsed.GetRequiredValue(_topic), parsed.GetValue(_beginning) ? new ReadFrom.Beginning() : From(offset, time))
        {
            Partition = parsed.GetValue(_partition),
            Group = group,
            Max = parsed.GetValue(_max),
            Timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            UntilEnd = parsed.GetValue(_untilEnd),
            Isolation = parsed.GetRequiredValue(_isolation) == "read_committed" ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
            KeyFormat = FormatOption.Read(parsed, _keyFormat),
            ValueFormat = FormatOption.Read(parsed, _valueFormat),
        };
    }

    private ReadFrom From(string? offset, string? time) => (offset, time) switch
    {
        (_, { } instant) => new ReadFrom.Since(InstantOption.Parse(_time.Name, instant, _context.Time.GetUtcNow())),
        (null, _) or ("latest", _) or ("end", _) => new ReadFrom.End(),
        ("earliest", _) or ("beginning", _) => new ReadFrom.Beginning(),
        ({ } text, _) when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            text.StartsWith('-') ? new ReadFrom.Newest(number == long.MinValue ? long.MaxValue : -number) : new ReadFrom.At(number),
        ({ } text, _) => throw new UsageException($"--offset: '{text}' is no offset. Write a number, -N, earliest or latest."),
    };
}
