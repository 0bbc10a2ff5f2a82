using Aspire.Hosting;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Postgres;
using Aspire.Hosting.Testing;

namespace Streaming.Embedded.Aspire.Tests.Hosting.Parts;

/// <summary>What lies beside kept data: the lock, the generated password.</summary>
public sealed class KeptFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-aspire-tests-").FullName;

    private string AppHost => Directory.CreateDirectory(Path.Combine(_folder, "AppHost")).FullName;

    private string Data => DataFolders.Root(AppHost);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_that_cannot_be_made_is_named_and_nobody_is_said_to_hold_it()
    {
        File.WriteAllText(Data, "a file where the folder should be");

        Assert.Contains(Data, RefusalToHold(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_that_cannot_be_opened_is_held_by_nobody()
    {
        Directory.CreateDirectory(Path.Combine(Data, "lock"));

        Assert.Contains(Data, RefusalToHold(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_password_that_was_never_written_whole_is_made_anew_and_then_stays(string? left)
    {
        var path = Path.Combine(Directory.CreateDirectory(Data).FullName, "its-password");
        if (left is not null)
        {
            await File.WriteAllTextAsync(path, left);
        }

        await File.WriteAllTextAsync($"{path}.new", "");

        var first = await PasswordAsync();
        var second = await PasswordAsync();

        Assert.False(string.IsNullOrEmpty(first));
        Assert.Equal(first, second);
        Assert.Equal(first, await File.ReadAllTextAsync(path));
        Assert.False(File.Exists($"{path}.new"));
    }

    private string RefusalToHold()
    {
        using var guard = new OrphanGuard();
        using var folders = new DataFolders(AppHost, guard);

        var thrown = Assert.Throws<DistributedApplicationException>(folders.Hold);

        Assert.Contains("--UseVolumes=false", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("in use by", thrown.Message, StringComparison.Ordinal);
        return thrown.Message;
    }

    private async Task<string?> PasswordAsync()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create([], (options, _) => options.ProjectDirectory = AppHost);
        return await new KeptPassword(builder, "its-password") { IsKept = () => true }.Parameter.GetValueAsync(CancellationToken.None);
    }
}
