using System.CommandLine;

namespace Streaming.Producer.Import;

/// <summary>The arguments of <c>import</c>.</summary>
internal sealed class ImportArguments
{
    public Argument<string> File { get; } = new("file") { Description = "A CSV or NDJSON file, gzipped or not; - for standard input." };

    public Option<string> Topic { get; } = new("--topic", "-t") { Required = true, Description = "The topic that the events go to." };

    public Option<string?> Key { get; } = new("--key", "-k") { Description = "The field that gives the record's key. Events of one key stay in order." };

    public Option<bool> NoKey { get; } = new("--no-key") { Description = "Send records without a key." };

    public Option<string> KeyFormat { get; } = new("--key-format") { DefaultValueFactory = _ => "string", Description = "How the key is written: string, int32, int64, uuid, hex, …" };

    public Option<string> Time { get; } = new("--time") { Required = true, Description = "The field that says when the event happened." };

    public Option<string> TimeFormat { get; } = new("--time-format")
    {
        DefaultValueFactory = _ => "iso",
        Description = "iso (ISO 8601), s, ms, us (since 1970), or a format of .NET such as 'dd.MM.yyyy HH:mm'.",
    };

    public Option<string> TimeZone { get; } = new("--time-zone") { DefaultValueFactory = _ => "UTC", Description = "The zone of times without an offset, such as Europe/Zurich." };

    public Option<string?> TimeOut { get; } = new("--time-out") { Description = "Add a field of this name with the event time in ISO 8601, UTC." };

    public Option<RecordTime> RecordTime { get; } = new("--record-time") { Description = "The record's own timestamp: event (when it happened) or now." };

    public Option<InputFormat?> Format { get; } = new("--format") { Description = "csv or ndjson; without it the file's name tells." };

    public Option<string?> Encoding { get; } = new("--encoding") { Description = "The input's encoding, such as windows-1252; UTF-8, or what a byte order mark says." };

    public Option<string?> Delimiter { get; } = new("--delimiter") { Description = "What divides CSV columns; found out when not given. tab is a name too." };

    public Option<bool> NoLineBreaks { get; } = new("--no-line-breaks") { Description = "CSV cells hold no line breaks: a missing quote then spoils one line only." };

    public Option<string[]> Text { get; } = new("--text") { Description = "A CSV column whose cells stay text even where they look like numbers. Several times." };

    public Option<string[]> Map { get; } = new("--map") { Description = "OLD=NEW: a field is sent under another name. Several times." };

    public Option<string[]> Set { get; } = new("--set") { Description = "NAME=VALUE: every event gets this field. Several times." };

    public Option<string?> BootstrapServer { get; } = new("--bootstrap-server", "-b") { Description = "host:port of Kafka; else ConnectionStrings__kafka of the environment." };

    public Option<string?> CommandConfig { get; } = new("--command-config")
    {
        Description = "A file of settings as Java's clients have them (security.protocol, sasl.…, ssl.…); else Kafka__Properties of the environment.",
    };

    public Option<string[]> Config { get; } = new("--config") { Description = "NAME=VALUE: a setting of librdkafka, such as security.protocol=SASL_SSL. Several times." };

    public Option<double?> Rate { get; } = new("--rate") { Description = "Records per second at most." };

    public Option<OnError> OnError { get; } = new("--on-error") { Description = "At a record that cannot be read: stop, or skip it." };

    public Option<string?> Rejects { get; } = new("--rejects") { Description = "A new file for the records that cannot be read." };

    public Option<long> FromLine { get; } = new("--from-line") { DefaultValueFactory = _ => 1, Description = "Begin at this line (an import that stopped says which)." };

    public Option<bool> Create { get; } = new("--create") { Description = "Create the topic when it is missing." };

    public Option<int> Partitions { get; } = new("--partitions") { DefaultValueFactory = _ => 6, Description = "The number of partitions of a topic that is created." };

    /// <summary>The command, whose action is <paramref name="run"/>.</summary>
    public RootCommand Command(Func<ParseResult, CancellationToken, Task<int>> run)
    {
        var import = new Command(ImportProgram.Name, "Send a file's records into a topic, keyed and in order. Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 stopped by Ctrl+C.")
        {
            File, Topic, Key, NoKey, KeyFormat, Time, TimeFormat, TimeZone, TimeOut, RecordTime, Format, Encoding, Delimiter, NoLineBreaks, Text, Map, Set,
            BootstrapServer, CommandConfig, Config, Rate, OnError, Rejects, FromLine, Create, Partitions,
        };
        import.SetAction(run);
        return new RootCommand("The producer; without a command it sends the scenarios' events.") { import };
    }
}
