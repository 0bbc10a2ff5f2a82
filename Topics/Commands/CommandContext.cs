using System.CommandLine;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Payloads;
using Streaming.Topics.Connecting;
using Streaming.Topics.Output;

namespace Streaming.Topics.Commands;

/// <summary>What every command works with: the terminal, the options of all commands, the environment; and how failures become words and exit codes.</summary>
internal sealed class CommandContext(Terminal terminal, GlobalOptions options, Func<string, string?> environment, TimeProvider time)
{
    public Terminal Terminal => terminal;

    public TimeProvider Time => time;

    public Results Results(ParseResult parsed) => new(terminal, parsed.GetValue(options.Json));

    public bool AsJson(ParseResult parsed) => parsed.GetValue(options.Json);

    /// <summary>An action on a cluster that is connected for it.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> OnCluster(Func<ParseResult, ClusterConnection, CancellationToken, Task<int>> action) =>
        OnConnection(async (parsed, connection, cancellationToken) =>
        {
            using var cluster = connection.Open();
            return await action(parsed, cluster, cancellationToken);
        });

    /// <summary>An action that connects for itself.</summary>
    public Func<ParseResult, CancellationToken, Task<int>> OnConnection(Func<ParseResult, Connection, CancellationToken, Task<int>> action) => async (parsed, cancellationToken) =>
    {
        try
        {
            var connection = Connection.From(parsed, options, environment);
            if (connection.LeftOut.Count > 0)
            {
                terminal.Say($"Settings that mean nothing here were left out: {string.Join(", ", connection.LeftOut)}.");
            }

            return await action(parsed, connection, cancellationToken);
        }
        catch (UsageException exception)
        {
            return Failed(exception.Message, ExitCodes.Usage);
        }
        catch (ClusterException exception)
        {
            return Failed(exception.Message, ExitCodes.Failed);
        }
        catch (KafkaException exception)
        {
            return Failed(exception.Error.Reason, ExitCodes.Failed);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }
        catch (IOException exception)
        {
            // The reader of a pipe has gone (head), or a disk is full.
            return Failed(exception.Message, ExitCodes.Failed);
        }
    };

    /// <summary>Asks a person; without one, asks for the option that answers.</summary>
    public bool Confirms(string question, string option)
    {
        if (!terminal.IsInputTerminal)
        {
            throw new UsageException($"Nobody can be asked here: add {option}.");
        }

        terminal.Error.Write(SafeText.OneLine(question) + " [y/N] ");
        terminal.Error.Flush();
        using var reader = new StreamReader(terminal.Input, leaveOpen: true);
        return reader.ReadLine()?.Trim() is { } answer && (answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }

    private int Failed(string message, int code)
    {
        terminal.Say(message);
        return code;
    }
}
