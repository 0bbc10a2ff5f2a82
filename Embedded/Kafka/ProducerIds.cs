using System.Globalization;

namespace Streaming.Embedded.Kafka;

/// <summary>
/// Producer ids, each given once in the life of a data folder. Blocks of them are taken durably before the first of a block is given, so that a
/// crash wastes some and repeats none.
/// </summary>
internal sealed class ProducerIds
{
    private const long BlockSize = 1_000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private long _next;
    private long _reserved;

    /// <exception cref="InvalidDataException">The file holds no number.</exception>
    public ProducerIds(string path)
    {
        _path = path;
        if (File.Exists(path))
        {
            var text = File.ReadAllText(path);
            _next = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var stored)
                ? stored
                : throw new InvalidDataException($"'{path}' should hold the next producer id and holds '{text}'.");
        }

        _reserved = _next;
    }

    public long Next()
    {
        lock (_gate)
        {
            if (_next == _reserved)
            {
                DurableFile.Write(_path, (_reserved + BlockSize).ToString(CultureInfo.InvariantCulture));
                _reserved += BlockSize;
            }

            return _next++;
        }
    }
}
