using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using CsvHelper;

namespace Streaming.Producer.Import.Input;

/// <summary>
/// Records of a CSV file as JSON objects, whose fields are the header's names. A cell that is a number in JSON's sense stays that number with all its digits, so
/// <c>007</c> and <c>+41</c> are text; <c>true</c> and <c>false</c> are truth values; an empty cell without quotes is null.
/// </summary>
public sealed class CsvRecords : IRecordReader
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CsvReader _csv;
    private readonly ImportOptions _options;
    private readonly int _longest;
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Utf8JsonWriter _writer;
    private JsonEncodedText[] _names = [];
    private bool[] _isText = [];
    private byte[]? _header;
    private long _lastLine;

    /// <summary>Begins before the header.</summary>
    public CsvRecords(Stream utf8, ImportOptions options, int longest)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _longest) = (options, longest);
        _writer = new Utf8JsonWriter(_json, Writing);
        _csv = CsvReader.Create(utf8, Rules(options, longest), leaveOpen: true);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Header => _header;

    /// <inheritdoc/>
    public async ValueTask<InputRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await _csv.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            if (_header is null)
            {
                TakeHeader();
                return await ReadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (CsvFormatException exception)
        {
            var line = Math.Max(exception.LineNumber, _lastLine + 1);
            throw new ImportException(
                $"line {line}: the record that begins here does not end within {_longest} bytes. Is a quote missing? --no-line-breaks ends every record with its line", exception);
        }

        return Take();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _csv.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    // The header is read as a record like others, for its raw bytes and so that what is wrong with it has a message of ours.
    private static CsvReaderOptions Rules(ImportOptions options, int longest) => new()
    {
        HasHeader = false,
        Separator = options.Delimiter,
        AllowLineBreaksInQuotes = options.HasLineBreaksInCells,
        TrackLineNumbers = true,
        MaxRecordSize = longest,
        MalformedData = CsvMalformedDataHandling.Recover,
    };

    private void TakeHeader()
    {
        var names = Enumerable.Range(0, _csv.FieldCount).Select(Name).ToList();
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ImportException($"line {_csv.LineNumber}: the header names column '{twice.Key}' {twice.Count()} times");
        }

        if (_options.TextColumns.FirstOrDefault(column => !names.Contains(column)) is { } unknown)
        {
            throw new ImportException($"--text {unknown}: the header has no such column; it has {string.Join(", ", names)}");
        }

        _names = [.. names.Select(name => JsonEncodedText.Encode(name, Writing.Encoder))];
        _isText = [.. names.Select(_options.TextColumns.Contains)];
        _header = _csv.RawRecord.ToArray();
        _lastLine = LastLine();
    }

    private string Name(int column)
    {
        if (!Utf8.IsValid(_csv.GetSpan(column)))
        {
            throw new ImportException($"line {_csv.LineNumber}: the header is no UTF-8; --encoding names another encoding");
        }

        return _csv.GetString(column).Trim() is { Length: > 0 } name ? name : $"column{column + 1}";
    }

    private InputRecord Take()
    {
        var (line, raw) = (_csv.LineNumber, _csv.RawRecord.ToArray());
        _lastLine = LastLine();
        var problem = Problem(raw);
        if (problem is null)
        {
            Write();
        }

        return new InputRecord(line, _lastLine, raw, problem is null ? _json.WrittenMemory : default, problem);
    }

    private long LastLine() => _csv.LineNumber + _csv.RawRecord.Count((byte)'\n');

    private string? Problem(byte[] raw) =>
        raw.Length > _longest ? $"longer than {_longest} bytes"
        : _csv.FieldCount != _names.Length ? $"{_csv.FieldCount} cells where the header has {_names.Length}" + (raw.Contains((byte)'\n') ? ", over several lines: is a quote missing?" : "")
        : !Utf8.IsValid(raw) ? "no UTF-8; --encoding names another encoding"
        : raw.Contains((byte)0) ? "a NUL character in it; is this text at all?"
        : HasOpenQuote() ? "a quote that is never closed"
        : null;

    /// <summary>The reader lets a cell that was opened by a quote run to the end of the input.</summary>
    private bool HasOpenQuote()
    {
        var last = _csv.GetRawSpan(_csv.FieldCount - 1);
        return last is [(byte)'"', ..] && (last.Length == 1 || last.Count((byte)'"') % 2 != 0);
    }

    private void Write()
    {
        _json.ResetWrittenCount();
        _writer.Reset(_json);
        _writer.WriteStartObject();
        for (var i = 0; i < _names.Length; i++)
        {
            _writer.WritePropertyName(_names[i]);
            CsvCell.Write(_writer, _csv.GetSpan(i), isQuoted: _csv.GetRawSpan(i) is [(byte)'"', ..], _isText[i]);
        }

        _writer.WriteEndObject();
        _writer.Flush();
    }
}
