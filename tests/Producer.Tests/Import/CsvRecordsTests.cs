using System.IO.Compression;
using System.Text;
using Streaming.Producer.Import;
using static Streaming.Producer.Tests.Import.Inputs;

namespace Streaming.Producer.Tests.Import;

public sealed class CsvRecordsTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("-0.10", "-0.10")]
    [InlineData("12345678901234567890.123456789", "12345678901234567890.123456789")]
    [InlineData("1.5e-05", "1.5e-05")]
    [InlineData(" 7 ", "7")]
    [InlineData("\"7\"", "7")]
    [InlineData("true", "true")]
    [InlineData("", "null")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("007", "\"007\"")]
    [InlineData("+41", "\"+41\"")]
    [InlineData("1.", "\"1.\"")]
    [InlineData(".5", "\".5\"")]
    [InlineData("1e", "\"1e\"")]
    [InlineData("-", "\"-\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("True", "\"True\"")]
    [InlineData("1,000", "\"1,000\"", ";")]
    [InlineData("\"a,\"\"b\"\"\"", "\"a,\\\"b\\\"\"")]
    [InlineData("Zürich <b>", "\"Zürich <b>\"")]
    [InlineData(" a ", "\" a \"")]
    [InlineData("\"two\r\nlines\"", "\"two\\r\\nlines\"")]
    public async Task Cells_are_numbers_truth_values_null_or_text(string cell, string json, string delimiter = ",") =>
        Assert.Equal([$"2: {{\"a\":{json},\"b\":\"x\"}}"], await CsvAsync($"a{delimiter}b\n{cell}{delimiter}x\n", Usual with { Delimiter = delimiter[0] }));

    [Fact]
    public async Task A_column_can_be_kept_as_text() =>
        Assert.Equal(["2: {\"zip\":\"8001\",\"n\":1}"], await CsvAsync("zip,n\n8001,1", Usual with { TextColumns = new HashSet<string> { "zip" } }));

    [Theory]
    [InlineData("a;b\n1;2\n")]
    [InlineData("a\tb\n1\t2\n")]
    [InlineData("a|b\n1|2\n")]
    [InlineData("\uFEFFa,b\r\n1,2\r\n")]
    [InlineData(" a , b \n1,2")]
    [InlineData("a,b\n\n\n1,2\n\n")]
    public async Task Delimiters_marks_line_ends_and_empty_lines_of_files_in_the_wild_are_taken(string file)
    {
        var record = Assert.Single(await CsvAsync(file));
        Assert.EndsWith(": {\"a\":1,\"b\":2}", record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_counted_as_an_editor_counts_them() =>
        Assert.Equal(["2: {\"a\":\"x\\n\\ny\"}", "6: {\"a\":2}"], await CsvAsync("a\n\"x\n\ny\"\n\n2\n"));

    [Fact]
    public async Task A_record_with_more_or_fewer_cells_than_the_header_is_refused_and_the_next_one_taken() => Assert.Equal(
        ["2! 1 cells where the header has 2", "3! 3 cells where the header has 2", "4: {\"a\":1,\"b\":2}"], await CsvAsync("a,b\n1\n1,2,3\n1,2\n"));

    [Fact]
    public async Task A_quote_that_is_never_closed_is_named_and_not_taken_for_a_cell()
    {
        Assert.Equal(["2: {\"a\":1,\"b\":2}", "3! a quote that is never closed"], await CsvAsync("a,b\n1,2\n3,\"4\n5,6\n"));
        Assert.Equal(
            ["2! a quote that is never closed", "3: {\"a\":5,\"b\":6}"], await CsvAsync("a,b\n3,\"4\n5,6\n", Usual with { HasLineBreaksInCells = false }));
    }

    [Fact]
    public async Task A_record_that_does_not_end_is_not_kept_in_memory_but_ends_the_import_with_its_line()
    {
        var file = "a,b\n1,2\n3,\"" + new string('x', 1_000_000);
        var failed = await Assert.ThrowsAsync<ImportException>(() => CsvAsync(file, longest: 1000));
        Assert.StartsWith("line 3: the record that begins here does not end within 1000 bytes", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_too_long_is_refused_and_the_next_one_taken() =>
        Assert.Equal(["2! longer than 1000 bytes", "3: {\"a\":1}"], await CsvAsync($"a\n{new string('x', 1001)}\n1\n"));

    [Fact]
    public async Task What_is_no_text_is_refused()
    {
        Assert.Equal(["2! a NUL character in it; is this text at all?"], await CsvAsync("a\nx\0y\n"));
        Assert.Equal(["2! no UTF-8; --encoding names another encoding"], await ReadAsync([.. "a\n"u8, 0xFC, .. "\n"u8], Usual));
    }

    [Fact]
    public async Task Other_encodings_and_gzip_are_read()
    {
        const string File = "ort\nZürich\n";
        string[] expected = ["2: {\"ort\":\"Zürich\"}"];
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.Unicode.GetPreamble());
            await gzip.WriteAsync(Encoding.Unicode.GetBytes(File));
        }

        Assert.Equal(expected, await ReadAsync(Encoding.Latin1.GetBytes(File), Usual with { Encoding = Encoding.Latin1 }));
        Assert.Equal(expected, await ReadAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(File)], Usual));
        Assert.Equal(expected, await ReadAsync(packed.ToArray(), Usual));
    }

    [Theory]
    [InlineData("a,b,a\n", "column 'a' 2 times")]
    [InlineData("a,\uFFFD\n", null)]
    public async Task A_header_that_names_a_column_twice_is_refused(string file, string? reason)
    {
        if (reason is null)
        {
            Assert.Empty(await CsvAsync(file));
            return;
        }

        Assert.Contains(reason, (await Assert.ThrowsAsync<ImportException>(() => CsvAsync(file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_without_a_name_gets_one() => Assert.Equal(["2: {\"column1\":0,\"a\":1}"], await CsvAsync(",a\n0,1\n"));

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n")]
    [InlineData("\n\n")]
    public async Task A_file_without_records_has_none(string file) => Assert.Empty(await CsvAsync(file));
}
