using System.Buffers.Binary;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>A small file that is there either whole or not at all: magic number, content, CRC-32C of both; replaced by rename.</summary>
internal static class CheckedFile
{
    public static void Write(string path, int magic, LogFileAccess access, Action<BinaryWriter> content)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(magic);
        content(writer);
        writer.Flush();
        writer.Write(Crc32C.Compute(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        writer.Flush();
        Replace(path, access, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Puts <paramref name="bytes"/> in the place of the file, on the disk before the old one goes.</summary>
    public static void Replace(string path, LogFileAccess access, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + ".new";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            access.Write(file, bytes, 0);
            access.Flush(file);
        }
        access.Move(temporary, path);
    }

    /// <summary>A reader behind the magic number; null if the file is missing or not whole.</summary>
    public static BinaryReader? TryRead(string path, int magic)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        var bytes = File.ReadAllBytes(path);
        var end = bytes.Length - sizeof(uint);
        return end >= sizeof(int)
            && BinaryPrimitives.ReadInt32LittleEndian(bytes) == magic
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(end)) == Crc32C.Compute(bytes.AsSpan(0, end))
            ? new BinaryReader(new MemoryStream(bytes, sizeof(int), end - sizeof(int)))
            : null;
    }
}
