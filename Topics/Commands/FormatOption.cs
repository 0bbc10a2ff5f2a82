using System.CommandLine;
using Streaming.Cluster.Payloads;

namespace Streaming.Topics.Commands;

/// <summary>Options whose value is a format's name.</summary>
internal static class FormatOption
{
    public const string Names = "text, json, xml, avro, hex, base64, int16, int32, int64, float, double, bool, uuid, list[FORMAT], tuple[FORMAT,…]";

    public static Option<string> Create(string name, string description, string preset) => new(name)
    {
        Description = $"{description}: {Names}.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => preset,
    };

    /// <exception cref="UsageException">There is no such format.</exception>
    public static PayloadFormat Read(ParseResult parsed, Option<string> option) =>
        PayloadFormat.TryGet(parsed.GetRequiredValue(option), out var format, out var problem) ? format : throw new UsageException($"{option.Name}: {problem}.");
}
