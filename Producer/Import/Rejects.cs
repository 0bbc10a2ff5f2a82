using Streaming.Contracts.Formats;
using Streaming.Producer.Import.Input;

namespace Streaming.Producer.Import;

/// <summary>
/// Keeps account of records that cannot be read: tells of the first ones, and writes all into a file that can be imported when it was mended. A file that is there
/// is added to when an import is continued, else refused; one that nothing was written to does not stay.
/// </summary>
public sealed class Rejects(string? path, bool isContinued, Action<string> tell) : IAsyncDisposable
{
    /// <summary>So many are told of by line and reason.</summary>
    public const int Told = 10;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private FileStream? _file;

    /// <summary>Records that could not be read.</summary>
    public long Count { get; private set; }

    /// <summary>Opens the file.</summary>
    /// <exception cref="ImportException">It cannot be written, or it is there.</exception>
    public void Open()
    {
        if (path is null)
        {
            return;
        }

        try
        {
            _file = new FileStream(path, isContinued ? FileMode.Append : FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"--rejects {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Takes down a record.</summary>
    public async ValueTask AddAsync(InputRecord record, string problem, ReadOnlyMemory<byte> header, CancellationToken cancellationToken)
    {
        Count++;
        if (Count <= Told)
        {
            tell($"line {record.Line}: {problem}: {Shown.Text(System.Text.Encoding.UTF8.GetString(record.Raw.Span[..Math.Min(record.Raw.Length, 200)]))}");
        }

        if (Count == Told)
        {
            tell("Further ones are only counted.");
        }

        if (_file is null)
        {
            return;
        }

        if (_file.Position == 0 && !header.IsEmpty)
        {
            await WriteAsync(_file, header, cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(_file, record.Raw, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_file is null)
        {
            return;
        }

        var isEmpty = _file.Position == 0;
        await _file.DisposeAsync().ConfigureAwait(false);
        if (isEmpty)
        {
            File.Delete(path!);
        }
    }

    private static async ValueTask WriteAsync(FileStream file, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await file.WriteAsync(line, cancellationToken).ConfigureAwait(false);
        await file.WriteAsync(LineEnd, cancellationToken).ConfigureAwait(false);
    }
}
