namespace Streaming.Data;

/// <summary>Which instance relays a pipeline's outbox, and until when unless it renews. Times are PostgreSQL's clock.</summary>
public sealed class RelayLease
{
    public required string Pipeline { get; set; }

    public required string Holder { get; set; }

    public DateTime ExpiresAt { get; set; }
}
