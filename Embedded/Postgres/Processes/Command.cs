using System.ComponentModel;
using System.Diagnostics;

namespace Streaming.Embedded.Postgres.Processes;

/// <summary>Runs a program to its end. Nothing is written to its standard input unless given.</summary>
internal static class Command
{
    internal sealed record Result(int ExitCode, string Output);

    /// <returns>The exit code and what was written to standard output and error; -1 where the program cannot be started.</returns>
    public static async Task<Result> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken, string? input = null, string workingDirectory = "/")
    {
        using var process = new Process { StartInfo = StartInfo(command, workingDirectory) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new Result(-1, e.Message);
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return new Result(process.ExitCode, await output + await errors);
        }
        catch (IOException e) when (process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            return new Result(process.ExitCode, e.Message); // it ended without reading its input
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>
    /// All three streams redirected; PostgreSQL's own settings of the caller (PGDATA, PGPORT, …) do not pass, nor does the password that the launcher was
    /// given (the server's environment can be read by whatever else runs as its user); messages are in English.
    /// </summary>
    public static ProcessStartInfo StartInfo(IReadOnlyList<string> command, string workingDirectory)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = OperatingSystem.IsWindows() ? "" : workingDirectory,
        };
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal) || k.StartsWith("LC_", StringComparison.Ordinal) || k == PostgresOptions.PasswordVariable).ToList())
        {
            info.Environment.Remove(name);
        }

        info.Environment["LC_ALL"] = "C";
        return info;
    }
}
