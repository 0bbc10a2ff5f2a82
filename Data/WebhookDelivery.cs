namespace Streaming.Data;

/// <summary>A transition of an alert that a webhook has not confirmed yet. Written with the transition, deleted when it was taken.</summary>
public sealed class WebhookDelivery
{
    /// <summary>The same at every attempt, so that the receiver can tell a repetition.</summary>
    public required string IdempotencyKey { get; set; }

    public required string Pipeline { get; set; }

    /// <summary>The JSON that is posted.</summary>
    public required string Body { get; set; }

    public int Attempts { get; set; }

    public DateTime NextAttemptAt { get; set; }

    /// <summary>What went wrong last.</summary>
    public string? LastError { get; set; }

    /// <summary>W3C <c>traceparent</c> of the span of the checkpoint that decided the transition; null when that was not traced.</summary>
    public string? TraceParent { get; set; }

    public DateTime CreatedAt { get; set; }
}
