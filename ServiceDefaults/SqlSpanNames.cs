using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Names the spans of SQL statements by what they do to which table, <c>UPDATE checkpoints</c>, and sets <c>db.query.summary</c> to the same
/// (https://opentelemetry.io/docs/specs/semconv/db/database-spans/#name). Npgsql, which does not read statements, calls them all by the system.
/// </summary>
internal sealed partial class SqlSpanNames : BaseProcessor<Activity>
{
    private const string Source = "Npgsql";

    /// <summary>As far as a statement is looked at.</summary>
    private const int Most = 2000;

    public override void OnEnd(Activity data)
    {
        if (data.Recorded && data.Source.Name == Source && data.GetTagItem("db.query.text") is string sql && Summary(sql) is { } summary)
        {
            data.DisplayName = summary;
            data.SetTag("db.query.summary", summary);
        }
    }

    /// <summary>What the first statement does, and to which table if it names one; null when it is of another kind.</summary>
    internal static string? Summary(string sql)
    {
        var match = Statement().Match(sql.Length > Most ? sql[..Most] : sql);
        return !match.Success ? null
            : match.Groups["table"] is { Success: true } table ? $"{match.Groups["operation"].Value.ToUpperInvariant()} {table.Value.Replace("\"", "", StringComparison.Ordinal)}"
            : match.Groups["operation"].Value.ToUpperInvariant();
    }

    // Without a limit of time, whose exception would end the statement: of at most so many characters, with one repetition that gives back, it takes a moment at worst.
    [GeneratedRegex("""^\s*(?:(?<operation>SELECT)\b(?:.*?\bFROM\s+(?<table>[\w."]+))?|(?<operation>INSERT)\s+INTO\s+(?<table>[\w."]+)|(?<operation>DELETE)\s+FROM\s+(?<table>[\w."]+)|(?<operation>UPDATE|COPY)\s+(?<table>[\w."]+))""",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Statement();
}
