using System.Diagnostics;
using Npgsql;

namespace Streaming.Embedded.Postgres.Tests;

/// <summary>A disk of its own that fills up: a file system in memory, which only root can make; other users see nothing tested here.</summary>
public sealed class FullDiskTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private readonly bool mounted;

    public FullDiskTests() => mounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", folder.Path);

    private string Filler => Path.Combine(folder.Path, "filler");

    private PostgresOptions Options => new() { DataDirectory = Path.Combine(folder.Path, "postgres"), Fsync = false };

    public void Dispose()
    {
        if (mounted)
        {
            Run("umount", "--lazy", folder.Path);
        }

        folder.Dispose();
    }

    [Fact]
    public async Task What_was_committed_before_the_disk_was_full_is_there_when_there_is_room_again()
    {
        if (!mounted)
        {
            return;
        }

        int committed;
        await using (var server = await PostgresServer.StartAsync(Options))
        {
            await PostgresServerTests.QueryAsync(server.ConnectionString, "CREATE TABLE kept (n int, padding text)");
            await FillAsync();
            committed = await InsertUntilRefusedAsync(server.ConnectionString);
            File.Delete(Filler);
        }

        await using (var server = await PostgresServer.StartAsync(Options))
        {
            var kept = await PostgresServerTests.QueryAsync(server.ConnectionString, $"SELECT count(*)::int FROM kept WHERE n < {committed}");

            Assert.Equal(committed, kept);
            await PostgresServerTests.QueryAsync(server.ConnectionString, "INSERT INTO kept VALUES (-1, '')");
        }
    }

    /// <summary>Leaves room for some rows only.</summary>
    private async Task FillAsync()
    {
        var free = new DriveInfo(folder.Path).AvailableFreeSpace - (2 << 20);
        await using var filler = File.Create(Filler);
        var block = new byte[1 << 20];
        for (; free > 0; free -= block.Length)
        {
            await filler.WriteAsync(block);
        }
    }

    private static async Task<int> InsertUntilRefusedAsync(string connectionString)
    {
        var since = Stopwatch.GetTimestamp();
        await using var source = NpgsqlDataSource.Create(connectionString);
        for (var committed = 0; ; committed++)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Bound, $"{committed} rows went onto a full disk.");
            try
            {
                await using var insert = source.CreateCommand($"INSERT INTO kept SELECT {committed}, repeat(md5(random()::text), 2000)");
                await insert.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                return committed;
            }
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
