namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>How far a partition has been cleaned. If it is lost, everything is cleaned once more, which changes nothing but takes its time.</summary>
/// <param name="FirstDirtyOffset">From here on nothing has been cleaned yet.</param>
/// <param name="LastPassMs">When the last pass began, epoch milliseconds.</param>
/// <param name="EarliestHorizonMs">When the first of the deletion markers that it left may go; <see cref="long.MaxValue"/> if it left none.</param>
internal sealed record CleanerCheckpoint(long FirstDirtyOffset, long LastPassMs, long EarliestHorizonMs)
{
    private const string FileName = "cleaner";
    private const int Magic = 0x53434C31;

    public static CleanerCheckpoint None { get; } = new(0, 0, long.MaxValue);

    public static CleanerCheckpoint Load(string folder)
    {
        using var reader = CheckedFile.TryRead(Path.Combine(folder, FileName), Magic);
        return reader is null ? None : new CleanerCheckpoint(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
    }

    public void Save(string folder, LogFileAccess access) => CheckedFile.Write(Path.Combine(folder, FileName), Magic, access, writer =>
    {
        writer.Write(FirstDirtyOffset);
        writer.Write(LastPassMs);
        writer.Write(EarliestHorizonMs);
    });
}
