namespace Streaming.Embedded.Kafka;

/// <summary>Tells the disk's refusals from other errors.</summary>
internal static class DiskTrouble
{
    public static bool IsDiskTrouble(this Exception error) => error is IOException or UnauthorizedAccessException;
}
