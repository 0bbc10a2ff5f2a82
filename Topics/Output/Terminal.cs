using System.Text;
using Spectre.Console;
using Streaming.Cluster.Payloads;

namespace Streaming.Topics.Output;

/// <summary>Where a command reads and writes: a person's terminal, or files and pipes of a script.</summary>
internal sealed class Terminal
{
    private const int BufferSize = 64 * 1024;

    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="isOutputTerminal">A person reads the output: tables and colours.</param>
    /// <param name="isInputTerminal">A person writes the input: questions are asked.</param>
    public Terminal(Stream input, TextWriter output, TextWriter error, IAnsiConsole console, bool isOutputTerminal, bool isInputTerminal) =>
        (Input, Output, Error, Console, IsOutputTerminal, IsInputTerminal) = (input, output, error, console, isOutputTerminal, isInputTerminal);

    public Stream Input { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public IAnsiConsole Console { get; }

    public bool IsOutputTerminal { get; }

    public bool IsInputTerminal { get; }

    /// <summary>The process's own streams. Output is UTF-8, and flushed by the commands.</summary>
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var output = new StreamWriter(System.Console.OpenStandardOutput(), utf8, BufferSize) { AutoFlush = false };
        return new Terminal(
            System.Console.OpenStandardInput(), output, System.Console.Error,
            AnsiConsole.Console, !System.Console.IsOutputRedirected, !System.Console.IsInputRedirected);
    }

    /// <summary>A line for the person, on standard error, so that output stays what was asked for.</summary>
    public void Say(string line) => Error.WriteLine(SafeText.OneLine(line));
}
