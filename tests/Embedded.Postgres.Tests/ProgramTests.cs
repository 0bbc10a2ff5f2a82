using System.Diagnostics;

namespace Streaming.Embedded.Postgres.Tests;

/// <summary>The executable, as the stand-ins and people run it.</summary>
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private readonly List<Process> started = [];

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(Bound);
            }

            process.Dispose();
        }

        folder.Dispose();
    }

    [Fact]
    public async Task Standard_output_holds_the_ready_line_and_nothing_else()
    {
        var program = Start("--stop-with-stdin");
        var ready = await ReadyAsync(program);
        Assert.Matches(@"^ready 127\.0\.0\.1:\d+$", ready);

        program.StandardInput.Close();
        Assert.Equal("", await program.StandardOutput.ReadToEndAsync().WaitAsync(Bound));
        await program.WaitForExitAsync().WaitAsync(Bound);
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task Password_comes_from_the_environment_and_the_server_accepts_it()
    {
        var program = Start("--username", "owner");
        var port = (await ReadyAsync(program)).Split(':')[1];
        Assert.Equal(1, await PostgresServerTests.QueryAsync($"Host=127.0.0.1;Port={port};Username=owner;Password=from-the-environment;Database=postgres", "SELECT 1"));
    }

    [Fact]
    public async Task Server_ends_when_its_launcher_is_killed_and_the_folder_opens_again()
    {
        var program = Start();
        await ReadyAsync(program);
        var server = Cluster.PostmasterFile.Read(Path.Combine(folder.Path, "cluster"))!;
        program.Kill(); // SIGKILL: no code of ours runs
        await program.WaitForExitAsync().WaitAsync(Bound);

        await using (await PostgresServer.StartAsync(new PostgresOptions { DataDirectory = folder.Path, Fsync = false }))
        {
            Assert.False(PostgresServerTests.IsRunning(server.ProcessId));
        }
    }

    [Fact]
    public async Task Sigterm_stops_cleanly()
    {
        var program = Start();
        await ReadyAsync(program);
        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]))
        {
            await kill.WaitForExitAsync().WaitAsync(Bound);
        }

        await program.WaitForExitAsync().WaitAsync(Bound);
        Assert.Equal(0, program.ExitCode);
        Assert.False(File.Exists(Path.Combine(folder.Path, "cluster", "postmaster.pid")));
    }

    [Fact]
    public async Task Holder_of_the_folder_is_named_and_the_exit_code_is_1()
    {
        var holder = Start();
        await ReadyAsync(holder);
        var second = Start();
        var said = await second.StandardError.ReadToEndAsync().WaitAsync(Bound);
        await second.WaitForExitAsync().WaitAsync(Bound);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"process {holder.Id}", said, StringComparison.Ordinal);
    }

    private Process Start(params string[] arguments)
    {
        // From its own output folder (artifacts/<mode>/bin/Postgres/<configuration>): the copy beside the tests lacks what their framework brings.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var assembly = Path.Combine(own.Parent!.Parent!.FullName, "Postgres", own.Name, "Streaming.Embedded.Postgres.dll");
        var info = new ProcessStartInfo("dotnet", [assembly, "--data", folder.Path, "--no-fsync", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["STREAMING_POSTGRES_PASSWORD"] = "from-the-environment";
        var process = Process.Start(info)!;
        started.Add(process);
        return process;
    }

    private static async Task<string> ReadyAsync(Process program)
    {
        if (await program.StandardOutput.ReadLineAsync().WaitAsync(Bound) is { } line)
        {
            return line;
        }

        throw new InvalidOperationException("The program ended: " + await program.StandardError.ReadToEndAsync());
    }
}
