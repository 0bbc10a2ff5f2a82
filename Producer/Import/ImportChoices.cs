using System.CommandLine;
using System.Text;
using System.Text.Json;
using Streaming.Contracts.Formats;
using Streaming.Producer.Import.Events;
using Streaming.Producer.Import.Input;

namespace Streaming.Producer.Import;

/// <summary>What was typed does not make sense; the message names the option.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Makes <see cref="ImportOptions"/> of what was typed.</summary>
internal static class ImportChoices
{
    private const int MostPartitions = 10_000;

    /// <exception cref="UsageException">Something makes no sense.</exception>
    public static ImportOptions Read(ParseResult typed, ImportArguments arguments)
    {
        var file = typed.GetRequiredValue(arguments.File);
        var zone = Zone(typed.GetRequiredValue(arguments.TimeZone));
        var fromLine = typed.GetValue(arguments.FromLine);
        return new ImportOptions
        {
            File = file,
            Topic = typed.GetRequiredValue(arguments.Topic),
            KeyField = Key(typed.GetValue(arguments.Key), typed.GetValue(arguments.NoKey)),
            KeyFormat = ValueFormat.TryGet(typed.GetRequiredValue(arguments.KeyFormat), out var key, out var problem) ? key : throw new UsageException($"--key-format: {problem}"),
            TimeField = typed.GetRequiredValue(arguments.Time),
            TimeFormat = EventTimeFormat.TryGet(typed.GetRequiredValue(arguments.TimeFormat), zone, out var time, out problem) ? time : throw new UsageException($"--time-format: {problem}"),
            TimeOut = typed.GetValue(arguments.TimeOut),
            RecordTime = typed.GetValue(arguments.RecordTime),
            Format = typed.GetValue(arguments.Format) ?? FormatOf(file),
            Encoding = EncodingOf(typed.GetValue(arguments.Encoding)),
            Delimiter = Delimiter(typed.GetValue(arguments.Delimiter)),
            HasLineBreaksInCells = !typed.GetValue(arguments.NoLineBreaks),
            TextColumns = (typed.GetValue(arguments.Text) ?? []).ToHashSet(),
            Names = Names(typed.GetValue(arguments.Map) ?? []),
            Constants = Pairs("--set", typed.GetValue(arguments.Set) ?? []).ToDictionary(pair => pair.Name, pair => ConstantOf(pair.Value)),
            OnError = typed.GetValue(arguments.OnError),
            Rejects = typed.GetValue(arguments.Rejects),
            FromLine = fromLine >= 1 ? fromLine : throw new UsageException($"--from-line {fromLine}: lines are counted from 1"),
            Rate = typed.GetValue(arguments.Rate) is { } rate and not (> 0 and <= 1e9) ? throw new UsageException($"--rate {rate}: above 0, up to 1000000000") : typed.GetValue(arguments.Rate),
            CreatePartitions = typed.GetValue(arguments.Create) ? Partitions(typed.GetValue(arguments.Partitions)) : null,
        };
    }

    /// <summary>Settings as <c>NAME=VALUE</c>.</summary>
    public static List<(string Name, string Value)> Pairs(string option, IEnumerable<string> texts)
    {
        var pairs = texts.Select(text => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? (Name: text[..at], Value: text[(at + 1)..])
            : throw new UsageException($"{option} {text}: it takes NAME=VALUE")).ToList();
        return pairs.GroupBy(pair => pair.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UsageException($"{option} {twice.Key}: given {twice.Count()} times")
            : pairs;
    }

    private static Dictionary<string, string> Names(string[] texts)
    {
        var pairs = Pairs("--map", texts);
        return pairs.GroupBy(pair => pair.Value).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UsageException($"--map …={twice.Key}: {twice.Count()} fields would have this name")
            : pairs.ToDictionary(pair => pair.Name, pair => pair.Value);
    }

    private static string? Key(string? field, bool noKey) => (field, noKey) switch
    {
        (null, false) => throw new UsageException("--key FIELD says which field is the key; --no-key sends records without one"),
        ({ }, true) => throw new UsageException("--key and --no-key exclude each other"),
        _ => field,
    };

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        ? zone
        : throw new UsageException($"--time-zone {name}: there is no such time zone; names are like Europe/Zurich");

    private static InputFormat FormatOf(string file)
    {
        var name = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".CSV" or ".TSV" => InputFormat.Csv,
            ".NDJSON" or ".JSONL" => InputFormat.Ndjson,
            _ => throw new UsageException("--format csv or --format ndjson says what this is; names that tell end in .csv, .tsv, .ndjson or .jsonl"),
        };
    }

    private static Encoding? EncodingOf(string? name)
    {
        try
        {
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            return name is null ? null : Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ReplacementFallback);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--encoding {name}: there is no such encoding; names are like windows-1252, iso-8859-1, utf-16");
        }
    }

    private static char? Delimiter(string? text) => text switch
    {
        null => null,
        "tab" or "\\t" => '\t',
        [var one] when char.IsAscii(one) && one is not ('"' or '\r' or '\n') => one,
        _ => throw new UsageException($"--delimiter {text}: one ASCII character, or tab"),
    };

    /// <summary>As in a CSV cell: what looks like a number or a truth value is one; text in JSON's quotes is text whatever it looks like.</summary>
    private static string ConstantOf(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        return (value.StartsWith('"') || value is "true" or "false" or "null" || CsvCell.IsNumber(utf8)) && JsonCheck.Problem(utf8) is null
            ? value
            : JsonSerializer.Serialize(value);
    }

    private static int Partitions(int number) => number is >= 1 and <= MostPartitions ? number : throw new UsageException($"--partitions {number}: 1 to {MostPartitions}");
}
