using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Vitals;

/// <summary>What the answer to a question is.</summary>
public enum Verdict
{
    /// <summary>Nothing is known.</summary>
    Unknown,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Somebody should look.</summary>
    Look,
}

/// <summary>The answer to one question about all pipelines: a verdict, and what it is drawn from, in words. Pure.</summary>
public sealed record Answer(Verdict Verdict, string Text)
{
    /// <summary>A pipeline is behind when more records wait than come in this time…</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);

    /// <summary>…and more than this many.</summary>
    public const long FewRecords = 1000;

    /// <summary>A larger share of rejected records deserves a look.</summary>
    public const double ManyRejected = 0.05;

    /// <summary>A longer way from event to commit, for 95 of a hundred events, deserves a look.</summary>
    public static readonly TimeSpan SlowCommit = TimeSpan.FromSeconds(5);

    /// <summary>A longer way from commit to the page deserves a look.</summary>
    public static readonly TimeSpan SlowPush = TimeSpan.FromSeconds(1);

    /// <summary>A longer checkpoint deserves a look.</summary>
    public static readonly TimeSpan SlowCheckpoint = TimeSpan.FromSeconds(1);

    private static readonly Answer NotKnown = new(Verdict.Unknown, "Nothing has been counted yet.");

    // What was read before the database fell silent is of then; the page keeps the figures and says so.
    private static readonly Answer NotHeard = new(Verdict.Unknown, "The database does not answer: the figures are of before.");

    /// <summary>Is it keeping up?</summary>
    public static Answer KeepingUp(VitalsSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var known = snapshot.Pipelines.Where(pipeline => pipeline.Status is { State: PipelineState.Running, Lag: not null }).ToList();
        var worst = known.Where(IsBehind).MaxBy(pipeline => pipeline.Status.Lag);
        return !IsHeard(snapshot) ? NotHeard
            : Stale(snapshot) is { } stale ? new Answer(Verdict.Look, $"{stale.Info.Title}: no checkpoint for {Figures.Age(stale.Status.For)}, so what waits is not known.")
            : known.Count == 0 ? NotKnown
            : worst is null ? new Answer(Verdict.Good, "Events are counted as fast as they come.")
            : new Answer(Verdict.Look, $"{worst.Info.Title}: {Figures.Count(worst.Status.Lag)} records wait.");
    }

    /// <summary>Is it right?</summary>
    public static Answer Right(VitalsSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (!IsHeard(snapshot))
        {
            return NotHeard;
        }

        var known = snapshot.Pipelines.Where(pipeline => pipeline.Status.Events is not null).ToList();
        if (known.Count == 0)
        {
            return NotKnown;
        }

        if (known.FirstOrDefault(pipeline => pipeline.StoppedPartitions > 0) is { } stopped)
        {
            return new Answer(Verdict.Look, $"{stopped.Info.Title}: {Figures.Count(stopped.StoppedPartitions)} partitions stopped, because records are missing in Kafka.");
        }

        return known.FirstOrDefault(pipeline => Share(pipeline) > ManyRejected) is { } rejecting
            ? new Answer(Verdict.Look, $"{rejecting.Info.Title}: {Figures.Percent(Share(rejecting))} of what came is no acceptable event.")
            : new Answer(Verdict.Good, "Each record is counted once, or put aside with the reason.");
    }

    /// <summary>Is it fast?</summary>
    public static Answer Fast(VitalsSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return !IsHeard(snapshot) ? NotHeard
            : snapshot.EventToCommit is not { } commit ? new Answer(Verdict.Unknown, "No event was committed in the last minute.")
            : commit.P95 > SlowCommit ? new Answer(Verdict.Look, $"5 of 100 events were older than {Percentiles.Text(commit.P95)} when they were committed.")
            : snapshot.CommitToPush is { } push && push.P95 > SlowPush ? new Answer(Verdict.Look, $"5 of 100 commits took more than {Percentiles.Text(push.P95)} to the page.")
            : new Answer(Verdict.Good, $"95 of 100 events are committed within {Percentiles.Text(commit.P95)}.");
    }

    /// <summary>Is it healthy?</summary>
    public static Answer Healthy(VitalsSnapshot snapshot, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var instances = snapshot.Pipelines.SelectMany(pipeline => pipeline.Instances).ToList();
        return !IsHeard(snapshot) ? NotHeard
            // Before the instances: those that died without an orderly stop are forgotten after a while, and what they leave behind is this.
            : Stale(snapshot) is { } stale ? new Answer(Verdict.Look, $"{stale.Info.Title}: no checkpoint for {Figures.Age(stale.Status.For)}.")
            : instances.Count == 0 ? new Answer(Verdict.Unknown, "No instance of the Aggregator has said how it runs.")
            : instances.Find(instance => instance.IsSilent(now)) is { } silent ? new Answer(Verdict.Look, $"{KeyText.Readable(silent.Instance)} has been silent for {Figures.Age(now - silent.UpdatedAt)}.")
            : snapshot.CheckpointDuration is { } duration && duration.P95 > SlowCheckpoint
                ? new Answer(Verdict.Look, $"5 of 100 checkpoints took more than {Percentiles.Text(duration.P95)}.")
            : new Answer(Verdict.Good, "Every instance writes its checkpoints.");
    }

    private static bool IsHeard(VitalsSnapshot snapshot) => snapshot.Health.Condition == FeedCondition.Live;

    /// <summary>The one that has been silent for longest; null when none is.</summary>
    private static PipelineVitals? Stale(VitalsSnapshot snapshot) =>
        snapshot.Pipelines.Where(pipeline => pipeline.Status.State == PipelineState.Stale).MaxBy(pipeline => pipeline.Status.For);

    private static bool IsBehind(PipelineVitals pipeline) =>
        pipeline.Status.Lag > FewRecords && pipeline.Status.Lag > (pipeline.EventsPerSecond ?? 0) * Behind.TotalSeconds;

    private static double Share(PipelineVitals pipeline)
    {
        var status = pipeline.Status;
        var all = status.Events + status.Late + status.Rejected + status.Filtered;
        return all > 0 && status.Rejected is { } rejected ? (double)rejected / all.Value : 0;
    }
}
