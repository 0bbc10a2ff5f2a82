namespace Streaming.Producer.Import.Input;

/// <summary>Counts what is read, and lets a read be given up that cannot be cancelled, as that of a terminal cannot.</summary>
internal sealed class SourceStream(Stream source, long? length) : ForwardStream
{
    private long _bytesRead;

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public new long? Length => length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read that was given up still writes into its buffer: it gets one of its own.
        cancellationToken.ThrowIfCancellationRequested();
        var own = new byte[Math.Min(buffer.Length, 64 * 1024)];
        var read = await Task.Run(() => source.Read(own), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        own.AsMemory(0, read).CopyTo(buffer);
        Interlocked.Add(ref _bytesRead, read);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>A stream whose first bytes have been looked at.</summary>
internal sealed class Prefixed : ForwardStream
{
    private const int LookedAt = 4;

    private readonly Stream _rest;

    private Prefixed(Stream rest, ReadOnlyMemory<byte> prefix) => (_rest, Prefix) = (rest, prefix);

    /// <summary>The bytes that come first, up to four.</summary>
    public ReadOnlyMemory<byte> Prefix { get; private set; }

    public static async Task<Prefixed> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var start = new byte[LookedAt];
        var length = await stream.ReadAtLeastAsync(start, LookedAt, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new Prefixed(stream, start.AsMemory(0, length));
    }

    /// <summary>Passes over the first bytes.</summary>
    public void Drop(int length) => Prefix = Prefix[length..];

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Prefix.IsEmpty)
        {
            return await _rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        var taken = Math.Min(Prefix.Length, buffer.Length);
        Prefix[..taken].CopyTo(buffer);
        Drop(taken);
        return taken;
    }
}

/// <summary>A stream that can only be read onwards, in one way.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
