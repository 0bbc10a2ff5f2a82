using System.Diagnostics;
using Npgsql;
using Streaming.Contracts;
using Streaming.Proof.Tests.Load;
using Streaming.Proof.Tests.Processes;
using Streaming.Proof.Tests.Verification;
using Streaming.Tests.Oracle;

namespace Streaming.Proof.Tests;

/// <summary>A machine on which the pipeline runs, its load, and what verifies its results.</summary>
internal sealed class Trial : IAsyncDisposable
{
    private const int Replicas = 2;

    private static readonly TimeSpan HistoryBegins = TimeSpan.FromHours(-24);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly LoadProducer _load;
    private readonly Verifier _verifier;
    private readonly List<EventClock> _clocks;
    private IReadOnlyList<long?> _watermarks;

    private Trial(Machine machine)
    {
        Machine = machine;
        _load = new LoadProducer(machine.BootstrapServers, Topics.Sales.Name);
        _verifier = new Verifier(machine.BootstrapServers, new ResultTables(machine.ConnectionString), _load);
        var begins = DateTimeOffset.UtcNow.Add(HistoryBegins).ToUnixTimeMilliseconds();
        _clocks = [.. Enumerable.Range(0, Topics.Sales.Partitions).Select(_ => new EventClock(begins))];
        _watermarks = [.. _clocks.Select(_ => (long?)null)];
    }

    public Machine Machine { get; }

    /// <summary>Runs a trial on a fresh machine. A failure names what to repeat and shows every program's last lines.</summary>
    /// <param name="trial">What to do.</param>
    /// <param name="repeat">Says where the trial was, and how to repeat it, when it fails.</param>
    public static async Task RunAsync(Func<Trial, Task> trial, Func<string> repeat)
    {
        await using var machine = new Machine(Replicas);
        try
        {
            await machine.StartAsync();
            await using var started = new Trial(machine);
            await started.SharedAsync();
            await started._load.DescribeAsync(SaleSource.Stores(Topics.Sales.Partitions));
            await trial(started);
        }
        catch (Exception e)
        {
            machine.IsKept = true;
            Assert.Fail($"{repeat()}\n{e}\n{machine.Describe()}");
        }
    }

    /// <summary>Sends load while something happens, and waits until the broker has all of it.</summary>
    public async Task UnderLoadAsync(Random random, int perSecond, Func<Task> happening)
    {
        for (var partition = 0; partition < _clocks.Count; partition++)
        {
            _clocks[partition].BeginRound(random, _watermarks[partition]);
        }

        using var stop = new CancellationTokenSource();
        var sending = _load.RunAsync(new SaleSource(random, _clocks), perSecond, stop.Token);
        try
        {
            await happening();
        }
        finally
        {
            await stop.CancelAsync();
            await sending;
        }

        _load.Flush();
    }

    /// <summary>Waits until the pipeline is at rest, and compares everything.</summary>
    public async Task<RoundTotals> VerifyAsync()
    {
        var totals = await _verifier.VerifyAsync(CancellationToken.None);
        Assert.All(Machine.All, program => Assert.True(program.IsRunning, $"{program.Name} has ended by itself"));
        _watermarks = totals.Watermarks;
        return totals;
    }

    /// <summary>Waits until a query answers with a number that is large enough.</summary>
    public async Task AtLeastAsync(long number, string what, string sql)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = await AskAsync(sql);
            if (long.TryParse(seen, out var found) && found >= number)
            {
                return;
            }

            if (Machine.All.FirstOrDefault(program => !program.IsRunning) is { } ended)
            {
                throw new InvalidOperationException($"{what}: {ended.Name} has ended by itself");
            }

            if (Stopwatch.GetElapsedTime(started) > Bound)
            {
                throw new TimeoutException($"{what}: not within {Bound}; last seen: {seen}");
            }

            await Task.Delay(LookEvery);
        }
    }

    public ValueTask DisposeAsync()
    {
        _load.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SharedAsync()
    {
        await AtLeastAsync(Topics.Sales.Partitions, "all partitions are claimed", "SELECT count(*) FROM checkpoints");
        await AtLeastAsync(Replicas, "all replicas have partitions", "SELECT count(DISTINCT owner) FROM checkpoints");
    }

    private async Task<string> AskAsync(string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Machine.ConnectionString + ";Pooling=false;Application Name=trial");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
        }
        catch (NpgsqlException e)
        {
            return e.Message; // the database or its tables are not there yet
        }
    }
}
