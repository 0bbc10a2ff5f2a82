namespace Streaming.Producer.Import.Input;

/// <summary>A record of the input: an event as a JSON object, or why it is none.</summary>
/// <param name="Line">The line that it begins in, counted from 1.</param>
/// <param name="LastLine">The line that it ends in.</param>
/// <param name="Raw">How it stands in the input, without its line end; cut off where it is too long. Valid until the next record is read.</param>
/// <param name="Json">The event; null when there is a problem.</param>
/// <param name="Problem">Why it is no event: a sentence without a full stop; null when it is one.</param>
public readonly record struct InputRecord(long Line, long LastLine, ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Json, string? Problem);

/// <summary>Reads records one by one.</summary>
public interface IRecordReader : IAsyncDisposable
{
    /// <summary>What must stand before rejected records for them to be read again; empty when nothing.</summary>
    ReadOnlyMemory<byte> Header { get; }

    /// <summary>The next record; null at the end.</summary>
    /// <exception cref="ImportException">The input cannot be read further.</exception>
    ValueTask<InputRecord?> ReadAsync(CancellationToken cancellationToken);
}
