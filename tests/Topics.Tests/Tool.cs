using System.Text;
using System.Text.Json;
using Spectre.Console;
using Streaming.Topics.Commands;
using Streaming.Topics.Output;

namespace Streaming.Topics.Tests;

/// <summary>What one run of the tool left behind.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Runs the tool in this process: as a script would, or on a terminal of 200 columns.</summary>
internal static class Tool
{
    public static readonly DateTimeOffset Now = new(2026, 1, 31, 10, 0, 0, TimeSpan.Zero);

    public static Task<Run> RunAsync(Broker broker, params string[] arguments) => RunAsync(["--bootstrap-server", broker.Servers, .. arguments]);

    public static Task<Run> TypedAsync(Broker broker, string input, params string[] arguments) => RunAsync(["--bootstrap-server", broker.Servers, .. arguments], Encoding.UTF8.GetBytes(input));

    public static async Task<Run> RunAsync(
        IReadOnlyList<string> arguments, byte[]? input = null, bool onTerminal = false, Func<string, string?>? environment = null, CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        var terminal = new Terminal(new MemoryStream(input ?? []), output, error, console, onTerminal, onTerminal);
        var code = await CommandLine.RunAsync(arguments, terminal, environment ?? (_ => null), new FixedTime(), cancellationToken).WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        return new Run(code, output.ToString(), error.ToString());
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
