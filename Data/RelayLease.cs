namespace Streaming.Data;

/// <summary>Which instance relays a pipeline's outbox, and until when unless it renews. Times are PostgreSQL's clock.</summary>
public sealed class RelayLease
{
    public required string Pipeline { get; set; }

    /// <summary>The instance; after the prefix <c>cursors:</c> once the pipeline's cursors are in Kafka. The row outlives its holder, to remember that.</summary>
    public required string Holder { get; set; }

    public DateTime ExpiresAt { get; set; }
}
