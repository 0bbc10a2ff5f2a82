using Confluent.Kafka;

namespace Streaming;

/// <summary>
/// Refuses to run on a librdkafka that is too old. Confluent.Kafka binds its functions lazily: on an old library (Debian 12 installs
/// 2.0.2) producing works and the first consumer dies, so it is asked once, at start.
/// </summary>
internal static class LibrdkafkaVersion
{
    /// <summary>2.6.0, the first with every function that Confluent.Kafka 2.15 calls (ElectLeaders is the youngest). Bytes: major, minor, revision, 0xff.</summary>
    private const int Oldest = 0x02_06_00_ff;

    /// <exception cref="InvalidOperationException">The library that was loaded is older than 2.6.0; the message says what to do.</exception>
    public static void Require() => Require(Library.Version, Library.VersionString);

    internal static void Require(int version, string text)
    {
        if (version < Oldest)
        {
            throw new InvalidOperationException(
                $"The librdkafka that was loaded is version {text}; Confluent.Kafka needs 2.6.0 or newer. The build puts one beside the "
                + "program: rebuild it, or remove an older library from the path it is loaded from (LD_LIBRARY_PATH).");
        }
    }
}
