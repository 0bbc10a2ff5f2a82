namespace Streaming.Cluster.Messages;

/// <summary>Where reading begins, in each partition.</summary>
public abstract record ReadFrom
{
    private ReadFrom()
    {
    }

    /// <summary>At the oldest record that is kept.</summary>
    public sealed record Beginning : ReadFrom;

    /// <summary>After the newest record.</summary>
    public sealed record End : ReadFrom;

    /// <summary>At an offset; the nearest that exists.</summary>
    public sealed record At(long Offset) : ReadFrom;

    /// <summary>So many offsets before the end.</summary>
    public sealed record Newest(long Count) : ReadFrom;

    /// <summary>At the first record whose timestamp is not before an instant.</summary>
    public sealed record Since(DateTimeOffset Instant) : ReadFrom;
}
