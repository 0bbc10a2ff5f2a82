using System.Globalization;
using System.Text;

namespace Streaming.Aggregator.Outbox;

/// <summary>
/// Records of the topic <c>outbox-cursors</c>, as text: key <c>installation/pipeline/generation/topic id/partition</c>, value the number of the last
/// outbox row of that partition that is in the output topics (or parked). Installations and pipelines share the topic; each reads its own.
/// </summary>
internal sealed class CursorCodec(Guid installation, string pipeline)
{
    private readonly string _prefix = $"{installation:D}/{pipeline}/";

    public byte[] Key(OutboxPartition partition) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_prefix}{partition.Generation}/{partition.TopicId:D}/{partition.Partition}"));

    public static byte[] Value(long seq) => Encoding.UTF8.GetBytes(seq.ToString(CultureInfo.InvariantCulture));

    /// <summary>Applies a record to the cursors; one of another installation or pipeline changes nothing.</summary>
    /// <exception cref="RelayStoppedException">It is ours and cannot be read.</exception>
    public void Apply(byte[]? key, byte[]? value, Dictionary<OutboxPartition, long> cursors)
    {
        var text = key is null ? "" : Encoding.UTF8.GetString(key);
        if (!text.StartsWith(_prefix, StringComparison.Ordinal) || text[_prefix.Length..].Split('/') is not [var generation, var topicId, var number])
        {
            return;
        }

        if (!int.TryParse(generation, CultureInfo.InvariantCulture, out var g) || !Guid.TryParse(topicId, out var id)
            || !int.TryParse(number, CultureInfo.InvariantCulture, out var p))
        {
            throw new RelayStoppedException($"The key '{text}' of the topic outbox-cursors cannot be read.");
        }

        if (value is null)
        {
            cursors.Remove(new(g, id, p));
        }
        else
        {
            cursors[new(g, id, p)] = long.TryParse(Encoding.UTF8.GetString(value), CultureInfo.InvariantCulture, out var seq) && seq >= 0
                ? seq
                : throw new RelayStoppedException($"The value of '{text}' in the topic outbox-cursors cannot be read.");
        }
    }
}
