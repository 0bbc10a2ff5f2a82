using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Streaming.Embedded;
using Streaming.Embedded.Postgres;

var port = new Option<int>("--port") { Description = "TCP port on 127.0.0.1; 0 picks a free one." };
var data = new Option<string>("--data") { Description = "Folder of the server's data; made when it does not exist.", Required = true };
var username = new Option<string>("--username") { Description = "The superuser's name.", DefaultValueFactory = _ => "postgres" };
var noFsync = new Option<bool>("--no-fsync") { Description = "Gives up durability for speed." };
var stopWithStdin = new Option<bool>("--stop-with-stdin") { Description = "Stops when standard input ends." };
var root = new RootCommand("A private PostgreSQL server. Prints 'ready 127.0.0.1:PORT' when it accepts connections; its password comes from STREAMING_POSTGRES_PASSWORD.")
{
    port, data, username, noFsync, stopWithStdin,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    var options = new PostgresOptions
    {
        DataDirectory = parsed.GetRequiredValue(data),
        Port = parsed.GetValue(port),
        UserName = parsed.GetRequiredValue(username),
        Password = Environment.GetEnvironmentVariable(PostgresOptions.PasswordVariable) is { Length: > 0 } given ? given : null,
        Fsync = !parsed.GetValue(noFsync),
    };
    return await ServeAsync(options, parsed.GetValue(stopWithStdin), cancellationToken);
});
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static async Task<int> ServeAsync(PostgresOptions options, bool stopWithStdin, CancellationToken cancellationToken)
{
    using var loggers = LoggerFactory.Create(logging => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
    using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
    try
    {
        await using var server = await PostgresServer.StartAsync(options, loggers.CreateLogger("Streaming.Embedded.Postgres"), stop.Token);
        Console.WriteLine($"ready 127.0.0.1:{server.Port}");
        var ended = server.WaitForExitAsync(stop.Token);
        var told = StopRequest.WaitAsync(stopWithStdin, stop.Token);
        return await Task.WhenAny(ended, told) == ended && !stop.IsCancellationRequested ? 1 : 0;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        return 0;
    }
    catch (Exception e) when (e is PostgresStartException or ArgumentException)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
}

// Said here, or the web framework's generator makes it public, and tests that refer to several programs see several.
internal partial class Program;
