namespace Streaming.Cluster.Groups;

/// <summary>Where a group is to go on reading.</summary>
public abstract record ResetTarget
{
    private ResetTarget()
    {
    }

    /// <summary>At the oldest record that is kept.</summary>
    public sealed record Earliest : ResetTarget;

    /// <summary>After the newest record.</summary>
    public sealed record Latest : ResetTarget;

    /// <summary>At an offset.</summary>
    public sealed record At(long Offset) : ResetTarget;

    /// <summary>At the first record whose timestamp is not before an instant; after the newest where there is none.</summary>
    public sealed record Since(DateTimeOffset Instant) : ResetTarget;

    /// <summary>So many records forward, or back when negative.</summary>
    public sealed record By(long Records) : ResetTarget;
}
