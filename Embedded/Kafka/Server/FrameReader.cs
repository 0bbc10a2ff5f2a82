using System.Buffers;
using System.Buffers.Binary;
using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>
/// Cuts a stream of bytes into request frames (a 4-byte size, then as many bytes). Memory grows with the bytes that have come, never with the size
/// that was announced, and beyond the connection's own small buffer it comes out of the memory that all connections share.
/// </summary>
internal sealed class FrameReader(Stream stream, FrameLimits limits, RequestMemory memory, ConnectionClock clock) : IDisposable
{
    private const int SizeBytes = 4;
    private const int SmallBuffer = 16 << 10;
    private const int FirstLargeBuffer = 64 << 10;

    private byte[] _small = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private byte[]? _large;
    private int _start;
    private int _end;

    /// <summary>The next frame without its size, valid until <see cref="Release"/>; null when the client has ended the stream between two frames.</summary>
    /// <exception cref="MalformedRequestException">The size cannot be, or is more than is allowed for this kind of request.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_end - _start < SizeBytes + sizeof(short))
        {
            clock.ExpectRequest(limits.Session.IsOpen);
            if (!await FillAsync(SizeBytes + sizeof(short), cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }

        var size = BinaryPrimitives.ReadInt32BigEndian(_small.AsSpan(_start));
        limits.Check(size, (ApiKey)BinaryPrimitives.ReadInt16BigEndian(_small.AsSpan(_start + SizeBytes)));
        clock.ExpectFrame(size);
        var frame = SizeBytes + size <= SmallBuffer
            ? await ReadSmallAsync(size, cancellationToken).ConfigureAwait(false)
            : await ReadLargeAsync(size, cancellationToken).ConfigureAwait(false);
        clock.Pause();
        return frame;
    }

    /// <summary>The last frame is not needed any more.</summary>
    public void Release()
    {
        if (_large is { } large)
        {
            _large = null;
            ArrayPool<byte>.Shared.Return(large);
            memory.Return(large.Length);
        }
    }

    public void Dispose()
    {
        Release();
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _small, []));
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadSmallAsync(int size, CancellationToken cancellationToken)
    {
        if (!await FillAsync(SizeBytes + size, cancellationToken).ConfigureAwait(false))
        {
            throw new MalformedRequestException("The stream ended within a request.");
        }

        var frame = _small.AsMemory(_start + SizeBytes, size);
        _start += SizeBytes + size;
        return frame;
    }

    /// <summary>Makes so many bytes from <see cref="_start"/> on available; false if the stream ends before the first of them.</summary>
    private async ValueTask<bool> FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (_start + wanted > SmallBuffer || _start == _end)
        {
            _small.AsSpan(_start, _end - _start).CopyTo(_small);
            (_start, _end) = (0, _end - _start);
        }

        while (_end - _start < wanted)
        {
            var read = await stream.ReadAsync(_small.AsMemory(_end, SmallBuffer - _end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return _start == _end ? false : throw new MalformedRequestException("The stream ended within a request.");
            }

            _end += read;
        }

        return true;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadLargeAsync(int size, CancellationToken cancellationToken)
    {
        await GrowAsync(Math.Min(size, FirstLargeBuffer), 0, cancellationToken).ConfigureAwait(false);
        var have = Math.Min(size, _end - _start - SizeBytes);
        _small.AsSpan(_start + SizeBytes, have).CopyTo(_large);
        _start += SizeBytes + have;
        while (have < size)
        {
            if (have == _large!.Length)
            {
                await GrowAsync((int)Math.Min(size, 2L * have), have, cancellationToken).ConfigureAwait(false);
            }

            var room = _large.AsMemory(have, Math.Min(size, _large.Length) - have);
            var read = await stream.ReadAsync(room, cancellationToken).ConfigureAwait(false);
            have += read > 0 ? read : throw new MalformedRequestException("The stream ended within a request.");
        }

        return _large.AsMemory(0, size);
    }

    private async ValueTask GrowAsync(int bytes, int used, CancellationToken cancellationToken)
    {
        // The pool may give more than was asked for; what it gave is what counts.
        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            await memory.TakeAsync(larger.Length, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(larger);
            throw;
        }

        _large?.AsSpan(0, used).CopyTo(larger);
        Release();
        _large = larger;
    }
}
