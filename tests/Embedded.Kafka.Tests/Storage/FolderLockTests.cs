using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public sealed class FolderLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("folder-lock-").FullName;

    [Fact]
    public void A_lock_whose_holder_cannot_be_noted_is_let_go()
    {
        // A folder where the note belongs: writing it fails, as on a full disk.
        var note = Directory.CreateDirectory(Path.Combine(_folder, ".lock-holder"));
        Assert.ThrowsAny<Exception>(() => FolderLock.Take(_folder));
        note.Delete();

        using var taken = FolderLock.Take(_folder);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
