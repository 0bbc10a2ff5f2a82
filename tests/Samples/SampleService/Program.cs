// A service that does what its environment tells it, for tests of the stand-ins: SAMPLE_CRASH=<exit code> ends it before it
// listens, SAMPLE_CRASH_FILE=<file> does so, with exit code 3, until the file tells of SAMPLE_CRASHES such ends, SAMPLE_IGNORE_STOP=true makes it deaf to SIGTERM, SAMPLE_CHILD=true makes it start a process of its own.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

if (Environment.GetEnvironmentVariable("SAMPLE_CRASH") is { Length: > 0 } code)
{
    Console.Error.WriteLine("the sample gives up");
    return int.Parse(code, CultureInfo.InvariantCulture);
}

if (Environment.GetEnvironmentVariable("SAMPLE_CRASH_FILE") is { Length: > 0 } file)
{
    var crashes = File.Exists(file) ? File.ReadAllLines(file).Length : 0;
    if (crashes < int.Parse(Environment.GetEnvironmentVariable("SAMPLE_CRASHES")!, CultureInfo.InvariantCulture))
    {
        File.AppendAllText(file, "crashed\n");
        Console.Error.WriteLine($"the sample gives up for time {crashes + 1}");
        return 3;
    }
}

using var deaf = Environment.GetEnvironmentVariable("SAMPLE_IGNORE_STOP") == "true"
    ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true) : null;
var child = Environment.GetEnvironmentVariable("SAMPLE_CHILD") == "true" ? Process.Start("sleep", "600") : null;

var builder = WebApplication.CreateBuilder(args);
if (deaf is not null)
{
    builder.Services.AddSingleton<IHostLifetime, DeafLifetime>();
}

var app = builder.Build();
var healthy = true;
app.MapGet("/health", () => healthy ? Results.Ok() : Results.StatusCode(503));
app.MapPost("/health/{state:bool}", (bool state) => healthy = state);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
app.MapGet("/process", () => Environment.ProcessId);
app.MapGet("/child", () => child?.Id);
app.MapGet("/write/{text}", (string text) => Console.Out.WriteLine(text));
app.MapPost("/exit/{code:int}", (int code) => Environment.Exit(code));
await app.RunAsync();
return 0;

/// <summary>Hears no signal.</summary>
internal sealed class DeafLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
