using System.CommandLine;
using System.CommandLine.Parsing;
using Streaming.Topics.Connecting;
using Streaming.Topics.Output;

namespace Streaming.Topics.Commands;

/// <summary>The tool's command line.</summary>
internal static class CommandLine
{
    /// <summary>How long a command may take to end after Ctrl+C: to leave its group, to say what it has done.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    /// <summary>Runs one command.</summary>
    /// <param name="environment">Gives environment variables.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, Terminal terminal, Func<string, string?> environment, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var parsed = Build(terminal, environment, time ?? TimeProvider.System).Parse(arguments);
        var settings = new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = EndWithin };
        var code = await parsed.InvokeAsync(settings, cancellationToken);
        try
        {
            terminal.Output.Flush();
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (IOException)
        {
            // Whoever read the pipe (head) has had enough.
            return ExitCodes.Failed;
        }
    }

    private static RootCommand Build(Terminal terminal, Func<string, string?> environment, TimeProvider time)
    {
        var options = new GlobalOptions();
        var context = new CommandContext(terminal, options, environment, time);
        var root = new RootCommand("Topics, messages and consumer groups of any Kafka, by hand.");
        options.AddTo(root);
        root.Subcommands.Add(CreateCommand.Build(context));
        root.Subcommands.Add(ListCommand.Build(context));
        root.Subcommands.Add(DescribeCommand.Build(context));
        root.Subcommands.Add(DeleteCommand.Build(context));
        root.Subcommands.Add(ProduceCommand.Build(context));
        root.Subcommands.Add(ConsumeCommand.Build(context));
        root.Subcommands.Add(GroupsCommand.Build(context));
        return root;
    }

    /// <summary>The topic that most commands are about.</summary>
    public static Argument<string> TopicArgument() => new("TOPIC") { Description = "The topic's name." };
}
