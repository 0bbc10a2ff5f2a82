using System.Diagnostics;
using Npgsql;

namespace Streaming.Embedded.Postgres.Tests;

public sealed class PostgresServerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private PostgresOptions Options => new() { DataDirectory = folder.Path, Fsync = false };

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Server_starts_on_a_free_loopback_port_and_stops_without_leaving_a_process()
    {
        int processId;
        await using (var server = await PostgresServer.StartAsync(Options))
        {
            processId = server.ProcessId;
            Assert.Equal(1, await QueryAsync(server.ConnectionString, "SELECT 1"));
            Assert.Equal("127.0.0.1", await QueryAsync(server.ConnectionString, "SHOW listen_addresses"));
            Assert.Equal("", await QueryAsync(server.ConnectionString, "SHOW unix_socket_directories"));
            Assert.Equal("UTF8", await QueryAsync(server.ConnectionString, "SHOW server_encoding"));
            Assert.Equal("C", await QueryAsync(server.ConnectionString, "SELECT datcollate::text FROM pg_database WHERE datname = 'postgres'"));
        }

        Assert.False(IsRunning(processId));
    }

    [Fact]
    public async Task Data_and_password_outlive_a_restart()
    {
        string first;
        await using (var server = await PostgresServer.StartAsync(Options))
        {
            first = Password(server);
            await QueryAsync(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS n");
        }

        await using (var server = await PostgresServer.StartAsync(Options))
        {
            Assert.Equal(first, Password(server));
            Assert.Equal(42, await QueryAsync(server.ConnectionString, "SELECT n FROM kept"));
        }
    }

    [Fact]
    public async Task Committed_data_outlive_a_kill_of_the_server()
    {
        await using (var server = await PostgresServer.StartAsync(Options with { Fsync = true }))
        {
            await QueryAsync(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS n");
            using var process = Process.GetProcessById(server.ProcessId);
            process.Kill();
            await server.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }

        Assert.True(File.Exists(Path.Combine(folder.Path, "cluster", "postmaster.pid")), "a killed server leaves its file");
        await using (var server = await PostgresServer.StartAsync(Options))
        {
            Assert.Equal(42, await QueryAsync(server.ConnectionString, "SELECT n FROM kept"));
        }
    }

    [Fact]
    public async Task Stale_file_that_names_a_living_process_of_another_program_is_no_obstacle()
    {
        await using (await PostgresServer.StartAsync(Options))
        {
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "cluster", "postmaster.pid"), $"{Environment.ProcessId}\n{folder.Path}/cluster\n1\n5432\n\n127.0.0.1\n  1 1\nready   \n");
        await using var server = await PostgresServer.StartAsync(Options);
        Assert.Equal(1, await QueryAsync(server.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Second_opener_is_told_who_holds_the_folder()
    {
        await using var server = await PostgresServer.StartAsync(Options);
        var refused = await Assert.ThrowsAsync<PostgresStartException>(() => PostgresServer.StartAsync(Options));
        Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await QueryAsync(server.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task Wrong_password_is_refused_and_the_right_one_is_random()
    {
        await using var server = await PostgresServer.StartAsync(Options);
        Assert.True(Password(server).Length >= 32);
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" };
        var refused = await Assert.ThrowsAsync<PostgresException>(() => QueryAsync(wrong.ConnectionString, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task Given_password_replaces_the_former_one()
    {
        await using (await PostgresServer.StartAsync(Options))
        {
        }

        const string Odd = "it's; a=\"password\" ü\\";
        await using (var server = await PostgresServer.StartAsync(Options with { Password = Odd }))
        {
            Assert.Equal(Odd, Password(server));
            Assert.Equal(1, await QueryAsync(server.ConnectionString, "SELECT 1"));
        }

        await using (var server = await PostgresServer.StartAsync(Options))
        {
            Assert.Equal(Odd, Password(server));
        }
    }

    [Fact]
    public async Task Taken_port_is_named()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<PostgresStartException>(() => PostgresServer.StartAsync(Options with { Port = port }));
        Assert.Contains($"Port {port} on 127.0.0.1 is taken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_of_another_major_version_is_refused_with_both_versions()
    {
        await using (await PostgresServer.StartAsync(Options))
        {
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cluster", "PG_VERSION"), "9\n");
        var refused = await Assert.ThrowsAsync<PostgresStartException>(() => PostgresServer.StartAsync(Options));
        Assert.Contains("made by PostgreSQL 9", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_start_side_by_side()
    {
        var starts = Enumerable.Range(0, 3).Select(i => PostgresServer.StartAsync(Options with { DataDirectory = Path.Combine(folder.Path, $"{i}") })).ToList();
        var servers = await Task.WhenAll(starts);
        Assert.Equal(3, servers.Select(s => s.Port).Distinct().Count());
        foreach (var server in servers)
        {
            Assert.Equal(1, await QueryAsync(server.ConnectionString, "SELECT 1"));
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Server_does_not_run_as_root()
    {
        await using var server = await PostgresServer.StartAsync(Options);
        if (OperatingSystem.IsLinux())
        {
            var uids = (await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal));
            Assert.DoesNotContain("0", uids.Split('\t').Skip(1));
        }
    }

    internal static async Task<object?> QueryAsync(string connectionString, string sql)
    {
        // Pooling keeps connections to servers that the tests stop.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    internal static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Password(PostgresServer server) => new NpgsqlConnectionStringBuilder(server.ConnectionString).Password!;
}
