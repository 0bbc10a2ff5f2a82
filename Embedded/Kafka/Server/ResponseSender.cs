using System.Buffers;
using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Server;

/// <summary>
/// Sends a written response, fetching the logs' slices piece by piece: a client that reads slowly holds one piece in memory, however large the response.
/// </summary>
internal sealed class ResponseSender(Stream stream, ConnectionClock clock)
{
    private const int PieceSize = 128 << 10;

    public async ValueTask SendAsync(WireWriter writer, CancellationToken cancellationToken)
    {
        if (writer.Splices.Count == 0)
        {
            await WriteAsync(writer.Written, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await SendInPiecesAsync(writer, cancellationToken).ConfigureAwait(false);
        }

        clock.Pause();
    }

    private async ValueTask SendInPiecesAsync(WireWriter writer, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(Math.Min(writer.TotalLength, PieceSize));
        try
        {
            int used = 0, position = 0;
            foreach (var splice in writer.Splices)
            {
                used = await AddAsync(writer.Written[position..splice.Position], piece, used, cancellationToken).ConfigureAwait(false);
                position = splice.Position;
                for (var sent = 0; sent < splice.Slice.Length;)
                {
                    used = await FlushIfFullAsync(piece, used, cancellationToken).ConfigureAwait(false);
                    var copied = splice.Slice.CopyTo(piece.AsSpan(used), sent);
                    used += copied;
                    sent += copied;
                }
            }

            used = await AddAsync(writer.Written[position..], piece, used, cancellationToken).ConfigureAwait(false);
            await WriteAsync(piece.AsMemory(0, used), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private async ValueTask<int> AddAsync(ReadOnlyMemory<byte> bytes, byte[] piece, int used, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            used = await FlushIfFullAsync(piece, used, cancellationToken).ConfigureAwait(false);
            var count = Math.Min(bytes.Length, piece.Length - used);
            bytes[..count].CopyTo(piece.AsMemory(used));
            bytes = bytes[count..];
            used += count;
        }

        return used;
    }

    private async ValueTask<int> FlushIfFullAsync(byte[] piece, int used, CancellationToken cancellationToken)
    {
        if (used < piece.Length)
        {
            return used;
        }

        await WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        clock.ExpectTaken();
        return stream.WriteAsync(bytes, cancellationToken);
    }
}
