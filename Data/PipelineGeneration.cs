namespace Streaming.Data;

/// <summary>One building of a pipeline's results, from one definition. Nothing of it is mixed with another's.</summary>
public sealed class PipelineGeneration
{
    public required string Pipeline { get; set; }

    public int Generation { get; set; }

    /// <summary>Everything of the definition that decides results: an instance whose definition has another one does not go on with this generation.</summary>
    public required string Fingerprint { get; set; }

    /// <summary>The definition for readers: <c>Streaming.Contracts.Pipelines.PipelineDescription</c> as JSON.</summary>
    public required string Definition { get; set; }

    /// <summary><c>building</c>: catching up beside the active one; <c>active</c>: shown; <c>retired</c>: replaced, its rows are deleted by and by.</summary>
    public required string State { get; set; }

    /// <summary>From when on a replay was asked for; null: from the earliest record that the topic still has.</summary>
    public DateTime? ReplayFrom { get; set; }

    /// <summary>
    /// Windows that start before this instant are not whole in this generation (their records are no longer there, or were not asked for): readers take them from
    /// the former generation, where they stay frozen. Null while unknown, and for a generation that is the first.
    /// </summary>
    public DateTime? CoversFrom { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime? ActivatedAt { get; set; }

    public DateTime? RetiredAt { get; set; }
}
