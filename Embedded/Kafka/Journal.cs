using System.Buffers.Binary;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka;

/// <summary>
/// An append-only file of entries. Each lies in it as length (4 bytes), CRC-32C (4 bytes), bytes; numbers little-endian. What was written survives
/// the death of the process; with fsync, a power cut too. A torn end, left by a crash, is cut off when the file is opened. Callers take turns.
/// </summary>
internal sealed class Journal : IDisposable
{
    /// <summary>A journal below this size, in bytes, is not worth rewriting.</summary>
    private const long MinRewriteBytes = 4 << 20;

    private const int HeaderSize = 8;
    private const int MaxEntrySize = 1 << 20;

    private readonly string _path;
    private readonly bool _fsync;
    private FileStream _file;
    private long _sizeWhenRewritten;

    private Journal(string path, bool fsync, FileStream file) => (_path, _fsync, _file) = (path, fsync, file);

    /// <summary>Most of what it holds has been replaced by later entries: time to <see cref="Rewrite"/>.</summary>
    public bool IsMostlyOutdated => _file.Length > MinRewriteBytes && _file.Length > 4 * _sizeWhenRewritten;

    /// <summary>Opens or makes the file and hands over what it holds, in order, until <paramref name="replay"/> gives false for bytes that are no entry.</summary>
    public static Journal Open(string path, bool fsync, Func<byte[], bool> replay)
    {
        File.Delete(TemporaryPath(path));
        var file = OpenFile(path);
        var valid = Replay(file, replay);
        file.SetLength(valid);
        file.Position = valid;
        return new Journal(path, fsync, file);
    }

    /// <summary>Writes all entries with one call to the system; they are durable when it returns.</summary>
    /// <exception cref="IOException">The disk does not take them, or one is too large to be read back; the file is as it was before.</exception>
    public void Append(IReadOnlyCollection<byte[]> entries)
    {
        var frame = Frame(entries);
        var before = _file.Position;
        try
        {
            _file.Write(frame);
            _file.Flush(flushToDisk: _fsync);
        }
        catch (IOException)
        {
            _file.SetLength(before);
            _file.Position = before;
            throw;
        }
    }

    /// <summary>
    /// Replaces the file by one that holds only these entries; a crash leaves the old one or the new one. Where the disk refuses, the old one goes on
    /// (what was appended is in it), and it is time again when it has doubled.
    /// </summary>
    public void Rewrite(IReadOnlyCollection<byte[]> entries)
    {
        FileStream? file = null;
        try
        {
            file = OpenFile(TemporaryPath(_path));
            file.SetLength(0);
            file.Write(Frame(entries));
            file.Flush(flushToDisk: true);
            File.Move(TemporaryPath(_path), _path, overwrite: true);
        }
        catch (Exception error) when (error.IsDiskTrouble())
        {
            file?.Dispose();
            _sizeWhenRewritten = _file.Length / 2;
            return;
        }

        _file.Dispose();
        _file = file;
        _sizeWhenRewritten = file.Length;
    }

    public void Dispose() => _file.Dispose();

    private static string TemporaryPath(string path) => path + ".new";

    // Others may move it: a rewritten journal takes its place while it is open.
    private static FileStream OpenFile(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);

    private static byte[] Frame(IReadOnlyCollection<byte[]> entries)
    {
        var frame = new byte[entries.Sum(static bytes => HeaderSize + bytes.Length)];
        var rest = frame.AsSpan();
        foreach (var bytes in entries)
        {
            if (bytes.Length > MaxEntrySize)
            {
                throw new IOException($"An entry of {bytes.Length} bytes is larger than {MaxEntrySize}, the most that is read back.");
            }

            BinaryPrimitives.WriteInt32LittleEndian(rest, bytes.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], Crc32C.Compute(bytes));
            bytes.CopyTo(rest[HeaderSize..]);
            rest = rest[(HeaderSize + bytes.Length)..];
        }

        return frame;
    }

    /// <summary>Gives the size of the part that is whole.</summary>
    private static long Replay(FileStream file, Func<byte[], bool> replay)
    {
        // Not disposed: that would close the file.
        var reader = new BufferedStream(file, 1 << 16);
        var header = new byte[HeaderSize];
        long valid = 0;
        while (reader.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) == HeaderSize)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is < 1 or > MaxEntrySize)
            {
                break;
            }

            var bytes = new byte[length];
            if (reader.ReadAtLeast(bytes, length, throwOnEndOfStream: false) < length
                || Crc32C.Compute(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4))
                || !replay(bytes))
            {
                break;
            }

            valid += HeaderSize + length;
        }

        return valid;
    }
}
