using Streaming.Contracts.Formats;
using Streaming.Producer.Records;

namespace Streaming.Producer.Import.Input;

/// <summary>One JSON object per line; empty lines are passed over.</summary>
public sealed class NdjsonRecords(Stream utf8, int longest) : IRecordReader
{
    private readonly LineReader _lines = new(utf8, longest);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Header => default;

    /// <inheritdoc/>
    public async ValueTask<InputRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.IsTooLong)
            {
                return new InputRecord(line.Number, line.Number, line.Bytes, default, $"longer than {longest} bytes");
            }

            if (line.Bytes.Span.ContainsAnyExcept(" \t"u8))
            {
                var problem = Problem(line.Bytes.Span);
                return new InputRecord(line.Number, line.Number, line.Bytes, problem is null ? line.Bytes : default, problem);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string? Problem(ReadOnlySpan<byte> line) =>
        JsonCheck.Problem(line) ?? (line.TrimStart(" \t"u8) is [(byte)'{', ..] ? null : "a JSON value, but no object");
}
