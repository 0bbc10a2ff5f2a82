using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Streaming.Cluster.Payloads;

namespace Streaming.Topics.Output;

/// <summary>
/// Writes results: tables on a person's terminal; fields with tabs between them, without titles, into a pipe; with <c>--json</c> one JSON value. Nothing that
/// comes from the cluster reaches a terminal as anything but text.
/// </summary>
internal sealed class Results(Terminal terminal, bool asJson)
{
    /// <summary>What stands where something is not known.</summary>
    public const string Unknown = "-";

    // Escapes all but ASCII letters and the like: a terminal shows it safely too.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public bool AsJson => asJson;

    /// <summary>Shows a result.</summary>
    /// <param name="model">For JSON.</param>
    /// <param name="sheets">For people and pipes.</param>
    public void Show(object model, params Sheet[] sheets)
    {
        if (asJson)
        {
            terminal.Output.WriteLine(JsonSerializer.Serialize(model, Json));
            terminal.Output.Flush();
        }
        else if (terminal.IsOutputTerminal)
        {
            foreach (var sheet in sheets)
            {
                terminal.Console.Write(Table(sheet));
            }
        }
        else
        {
            Plain(sheets);
        }
    }

    /// <summary>Says what was done; nothing into a pipe, where the exit code says it.</summary>
    public void Done(object model, string line)
    {
        if (asJson)
        {
            Show(model);
        }
        else
        {
            terminal.Say(line);
        }
    }

    private void Plain(Sheet[] sheets)
    {
        for (var i = 0; i < sheets.Length; i++)
        {
            if (i > 0)
            {
                terminal.Output.WriteLine();
            }

            foreach (var row in sheets[i].Rows)
            {
                terminal.Output.WriteLine(string.Join('\t', row.Select(cell => Text(cell, "0"))));
            }
        }

        terminal.Output.Flush();
    }

    private static Table Table(Sheet sheet)
    {
        var table = new Table { Border = TableBorder.Rounded };
        if (sheet.Title is { } title)
        {
            table.Title = new TableTitle(Markup.Escape(SafeText.OneLine(title)));
        }

        foreach (var column in sheet.Columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold))) { Alignment = column.IsNumber ? Justify.Right : Justify.Left, NoWrap = column.IsNumber });
        }

        foreach (var row in sheet.Rows)
        {
            table.AddRow(row.Select(cell => new Text(Text(cell, "#,0"))));
        }

        return table;
    }

    private static string Text(object? cell, string number) => cell switch
    {
        null => Unknown,
        long whole => whole.ToString(number, CultureInfo.InvariantCulture),
        int whole => whole.ToString(number, CultureInfo.InvariantCulture),
        bool truth => truth ? "yes" : "no",
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => SafeText.OneLine(cell.ToString() ?? ""),
    };
}
