using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Spectre.Console;
using Streaming.Cluster;
using Streaming.Producer.Import.Input;
using Streaming.Producer.Import.Screen;
using Streaming.Producer.Import.Sending;
using Streaming.Producer.Records;

namespace Streaming.Producer.Import;

/// <summary>The command <c>import</c>. What it did goes to standard output, everything else to standard error.</summary>
public sealed class ImportProgram
{
    /// <summary>The command's name, the program's first argument.</summary>
    public const string Name = "import";

    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongArguments = 2;
    private const int Interrupted = 130;

    private readonly TextWriter _output;
    private readonly IImportScreen _screen;
    private readonly Func<Stream> _standardInput;
    private readonly TimeProvider _time;

    internal ImportProgram(TextWriter output, IImportScreen screen, Func<Stream> standardInput, TimeProvider time) =>
        (_output, _screen, _standardInput, _time) = (output, screen, standardInput, time);

    /// <summary>Runs in this process's terminal.</summary>
    /// <returns>The exit code: 0 done, 1 failed, 2 wrong arguments, 130 stopped.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var traces = CommandTraces.Start("import");
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        IImportScreen screen = Console.IsErrorRedirected
            ? new PlainScreen(Console.Error, TimeProvider.System)
            : new TerminalScreen(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
        return await new ImportProgram(Console.Out, screen, Console.OpenStandardInput, TimeProvider.System).RunAsync(arguments, stop.Token).ConfigureAwait(false);
    }

    internal async Task<int> RunAsync(string[] words, CancellationToken cancellationToken)
    {
        var arguments = new ImportArguments();
        var typed = arguments.Command((result, _) => ImportAsync(result, arguments, cancellationToken)).Parse(words);
        if (typed.Errors.Count > 0 && typed.Action is not HelpAction)
        {
            foreach (var error in typed.Errors)
            {
                _screen.Line(error.Message);
            }

            _screen.Line("import --help lists the options.");
            return WrongArguments;
        }

        var invocation = new InvocationConfiguration { Output = _output, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        return await typed.InvokeAsync(invocation, CancellationToken.None).ConfigureAwait(false);
    }

    // The second time, the process ends at once.
    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }

    private async Task<int> ImportAsync(ParseResult typed, ImportArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            var options = ImportChoices.Read(typed, arguments);
            var client = ImportClient.Configure(
                options, typed.GetValue(arguments.BootstrapServer), typed.GetValue(arguments.CommandConfig), ImportChoices.Pairs("--config", typed.GetValue(arguments.Config) ?? []));
            return await ImportAsync(options, client, cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException exception)
        {
            _screen.Line(exception.Message);
            return WrongArguments;
        }
        catch (Exception exception) when (exception is ImportException or ClusterException)
        {
            _screen.Line(exception.Message);
            return Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _screen.Line("Stopped before anything was sent.");
            return Interrupted;
        }
    }

    private async Task<int> ImportAsync(ImportOptions options, ProducerConfig client, CancellationToken cancellationToken)
    {
        var (source, length) = ImportSource.Open(options, _standardInput);
        await using var text = await InputText.OpenAsync(source, length, options.Encoding, cancellationToken).ConfigureAwait(false);
        var topic = await ImportTopic.AskAsync(client, options.Topic, options.CreatePartitions, cancellationToken).ConfigureAwait(false);
        await using var rejects = new Rejects(options.Rejects, options.FromLine > 1, _screen.Line);
        rejects.Open();
        await using var reader = ImportSource.Read(text.Utf8, options, topic.LargestRecord);
        var ledger = new LineLedger();
        ImportSender? sender = null;
        using var producer = ImportClient.Build(client, topic, error => sender?.ClientError(error), _screen.Line);
        sender = new ImportSender(producer, options.Topic, options.RecordTime, ledger);
        var job = new ImportJob(options, reader, rejects, producer, sender, ledger, topic, _time);
        var begun = _time.GetTimestamp();
        var outcome = await FollowAsync(
            job, () => new ImportProgress(text.BytesRead, text.Length, job.Sent, _time.GetElapsedTime(begun)), cancellationToken).ConfigureAwait(false);
        return Tell(options, topic, outcome, _time.GetElapsedTime(begun), cancellationToken.IsCancellationRequested);
    }

    /// <summary>Shows the job while it runs. It has ended when this ends, whatever becomes of the screen: what it works with is disposed of then.</summary>
    private async Task<ImportOutcome> FollowAsync(ImportJob job, Func<ImportProgress> progress, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = job.RunAsync(end.Token);
        try
        {
            return await _screen.DuringAsync(running, progress).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Tell(ImportOptions options, TopicFacts topic, ImportOutcome outcome, TimeSpan elapsed, bool wasStopped)
    {
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{outcome.Delivered:N0} records in topic {options.Topic} ({topic.Partitions} partitions) after {elapsed.TotalSeconds:N1} s; {outcome.Rejected:N0} could not be read."));
        if (outcome.Backwards > TimeSpan.Zero)
        {
            _screen.Line($"Events are up to {outcome.Backwards:c} older than ones before them; what waits for less counts such events as late. Sorted by time, none is.");
        }

        if (outcome.Problem is { } problem)
        {
            _screen.Line(problem);
        }

        if (outcome.Unknown > 0)
        {
            _screen.Line(string.Create(CultureInfo.InvariantCulture, $"Of {outcome.Unknown:N0} more nothing was heard: they may be there too."));
        }

        if (outcome.NextLine is { } line)
        {
            _screen.Line(string.Create(CultureInfo.InvariantCulture, $"Not finished: --from-line {line} goes on from here."));
        }

        return outcome.IsComplete ? Done : wasStopped && outcome.Problem is null ? Interrupted : Failed;
    }
}
