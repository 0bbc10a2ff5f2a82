using System.Buffers.Binary;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Groups;

/// <summary>
/// The append-only file behind the committed offsets. Each entry lies in it as length (4 bytes), CRC-32C (4 bytes), bytes; numbers little-endian.
/// What was written survives the death of the process; with fsync, a power cut too. A torn end, left by a crash, is cut off when the file is opened.
/// </summary>
internal sealed class OffsetJournal : IDisposable
{
    private const int HeaderSize = 8;
    private const int MaxEntrySize = 1 << 20;

    private readonly string _path;
    private readonly bool _fsync;
    private FileStream _file;

    private OffsetJournal(string path, bool fsync, FileStream file) => (_path, _fsync, _file) = (path, fsync, file);

    public long SizeBytes => _file.Length;

    /// <summary>Opens or makes the file and hands over what it holds, in order.</summary>
    public static OffsetJournal Open(string path, bool fsync, Action<OffsetEntry> replay)
    {
        File.Delete(TemporaryPath(path));
        var file = OpenFile(path);
        var valid = Replay(file, replay);
        file.SetLength(valid);
        file.Position = valid;
        return new OffsetJournal(path, fsync, file);
    }

    /// <summary>Writes all entries with one call to the system; they are durable when it returns.</summary>
    /// <exception cref="IOException">The disk does not take them; the file is as it was before.</exception>
    public void Append(IReadOnlyCollection<OffsetEntry> entries)
    {
        var before = _file.Position;
        try
        {
            _file.Write(Frame(entries));
            _file.Flush(flushToDisk: _fsync);
        }
        catch (IOException)
        {
            _file.SetLength(before);
            _file.Position = before;
            throw;
        }
    }

    /// <summary>Replaces the file by one that holds only these entries; a crash leaves the old one or the new one.</summary>
    public void Rewrite(IReadOnlyCollection<OffsetEntry> entries)
    {
        var temporary = TemporaryPath(_path);
        using (var file = OpenFile(temporary))
        {
            file.Write(Frame(entries));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
        _file.Dispose();
        _file = OpenFile(_path);
        _file.Position = _file.Length;
    }

    public void Dispose() => _file.Dispose();

    private static string TemporaryPath(string path) => path + ".new";

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    private static byte[] Frame(IReadOnlyCollection<OffsetEntry> entries)
    {
        var encoded = entries.Select(static entry => entry.Encode()).ToList();
        var frame = new byte[encoded.Sum(static bytes => HeaderSize + bytes.Length)];
        var rest = frame.AsSpan();
        foreach (var bytes in encoded)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, bytes.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], Crc32C.Compute(bytes));
            bytes.CopyTo(rest[HeaderSize..]);
            rest = rest[(HeaderSize + bytes.Length)..];
        }

        return frame;
    }

    /// <summary>Gives the size of the part that is whole.</summary>
    private static long Replay(FileStream file, Action<OffsetEntry> replay)
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
                || !OffsetEntry.TryDecode(bytes, out var entry))
            {
                break;
            }

            replay(entry);
            valid += HeaderSize + length;
        }

        return valid;
    }
}
