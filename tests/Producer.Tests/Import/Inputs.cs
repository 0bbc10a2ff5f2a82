using System.Text;
using Streaming.Producer.Import;
using Streaming.Producer.Import.Input;

namespace Streaming.Producer.Tests.Import;

/// <summary>Records out of texts and bytes.</summary>
internal static class Inputs
{
    public static readonly ImportOptions Usual = new() { File = "-", Topic = "t", KeyField = "k", TimeField = "t" };

    public static Task<List<string>> CsvAsync(string text, ImportOptions? options = null, int longest = 1000) => ReadAsync(Encoding.UTF8.GetBytes(text), options ?? Usual, longest);

    public static Task<List<string>> NdjsonAsync(string text, int longest = 1000) => ReadAsync(Encoding.UTF8.GetBytes(text), Usual with { Format = InputFormat.Ndjson }, longest);

    /// <summary>Each record as <c>line: json</c> or <c>line! problem</c>.</summary>
    public static async Task<List<string>> ReadAsync(byte[] bytes, ImportOptions options, int longest = 1000)
    {
        await using var text = await InputText.OpenAsync(new MemoryStream(bytes), bytes.Length, options.Encoding, CancellationToken.None);
        await using var reader = ImportSource.Read(text.Utf8, options, longest);
        List<string> records = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } record)
        {
            records.Add(record.Problem is { } problem ? $"{record.Line}! {problem}" : $"{record.Line}: {Encoding.UTF8.GetString(record.Json.Span)}");
        }

        return records;
    }
}
