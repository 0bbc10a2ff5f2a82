using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Runs those generations of a pipeline that its control rows name, and no others: it looks at the rows every second, and when it is told that they changed. A
/// generation that ends with an error ends this too.
/// </summary>
internal sealed class PipelineSupervisor(PipelineDefinition pipeline, PipelineServices services, Func<GenerationToRun, GenerationRunner> create)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ControlStore _store = new(services.Database);
    private readonly TakeOver _takeOver = new(pipeline, services.Database, services.Log, services.Logger);
    private readonly Dictionary<int, Running> _running = [];
    private ControlPlan? _plan;
    private bool? _isPaused;

    /// <summary>Supervises until cancelled; what runs has left its group then.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var changed = services.Signal.Next;
                if (await ReadAsync(stoppingToken) is { } rows)
                {
                    await ObeyAsync(rows, stoppingToken);
                    await LookForTakeOverAsync(rows, stoppingToken);
                }

                await WaitAsync(changed, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
        finally
        {
            await StopAsync([.. _running.Keys]);
        }
    }

    /// <summary>The rows; null while PostgreSQL is away: what runs goes on and waits for it by itself.</summary>
    private async Task<ControlRows?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _store.ReadAsync(pipeline.Name, cancellationToken)
                ?? throw new CheckpointInvariantException($"The pipeline '{pipeline.Name}' is no longer in the database.");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
        {
            return null;
        }
    }

    private async Task ObeyAsync(ControlRows rows, CancellationToken stoppingToken)
    {
        var plan = ControlPlan.Of(rows, pipeline.Fingerprint);
        Report(rows, plan);
        await StopAsync([.. _running.Keys.Except(plan.Generations.Select(generation => generation.Number))]);
        foreach (var generation in plan.Generations.Where(generation => !_running.ContainsKey(generation.Number)))
        {
            AggregatorLog.Starting(services.Logger, pipeline.Name, generation.Number, services.Instance.Name, pipeline.Fingerprint);
            _running.Add(generation.Number, Running.Start(create(generation), stoppingToken));
        }
    }

    /// <summary>What this changes is obeyed at the next look, which the change's notification brings about.</summary>
    private async Task LookForTakeOverAsync(ControlRows rows, CancellationToken cancellationToken)
    {
        try
        {
            await _takeOver.LookAsync(rows, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (CheckpointErrors.MayPass(e) || e is KafkaException { Error.IsFatal: false }))
        {
            AggregatorLog.TakeOverFails(services.Logger, pipeline.Name, e.Message);
        }
    }

    private void Report(ControlRows rows, ControlPlan plan)
    {
        if (plan.Trouble is { } trouble)
        {
            services.Health.DoesNotRun(pipeline.Name, trouble);
        }
        else
        {
            services.Health.Runs(pipeline.Name);
        }

        if (plan.Trouble is { } reason && _plan?.Trouble != reason)
        {
            AggregatorLog.DefinitionChanged(services.Logger, pipeline.Name, reason, pipeline.Fingerprint, rows.ActiveNumber, rows.Active.Fingerprint);
        }

        var (was, isPaused) = (_isPaused, rows.IsPaused);
        if (isPaused && was != true)
        {
            AggregatorLog.PipelinePaused(services.Logger, pipeline.Name);
        }
        else if (!isPaused && was == true)
        {
            AggregatorLog.PipelineResumed(services.Logger, pipeline.Name);
        }

        (_plan, _isPaused) = (plan, isPaused);
    }

    private async Task WaitAsync(Task changed, CancellationToken stoppingToken)
    {
        var first = await Task.WhenAny([changed, Task.Delay(Interval, stoppingToken), .. _running.Values.Select(running => running.Task)]);
        if (!stoppingToken.IsCancellationRequested && _running.Values.FirstOrDefault(running => running.Task == first) is { } ended)
        {
            await ended.Task;
            throw new InvalidOperationException($"A generation of '{pipeline.Name}' has ended by itself.");
        }
    }

    private async Task StopAsync(IReadOnlyList<int> generations)
    {
        var stopping = generations.Select(number => (Number: number, Running: _running[number])).ToList();
        foreach (var (number, _) in stopping)
        {
            _running.Remove(number);
        }

        // All at once, so that each has the time of its last checkpoint.
        await Task.WhenAll(stopping.Select(generation => generation.Running.StopAsync()));
        foreach (var (number, _) in stopping)
        {
            AggregatorLog.GenerationStopped(services.Logger, pipeline.Name, number);
        }
    }

    /// <summary>A generation under way in this process.</summary>
    private sealed class Running(CancellationTokenSource ending, Task task)
    {
        public Task Task => task;

        public static Running Start(GenerationRunner runner, CancellationToken stoppingToken)
        {
            var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            return new Running(ending, runner.RunAsync(ending.Token));
        }

        /// <exception cref="Exception">It had failed.</exception>
        public async Task StopAsync()
        {
            await ending.CancelAsync();
            try
            {
                await task;
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // It was still starting.
            }
            finally
            {
                ending.Dispose();
            }
        }
    }
}
