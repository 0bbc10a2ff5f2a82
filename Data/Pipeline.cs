namespace Streaming.Data;

/// <summary>A pipeline, the generation of it whose results readers show, and whether it is to run.</summary>
public sealed class Pipeline
{
    public required string Name { get; set; }

    /// <summary>The active generation; 1 is the first. A replay builds the next one beside it.</summary>
    public int Generation { get; set; }

    /// <summary>Set by an administrator: every instance stops reading it and keeps its results.</summary>
    public bool IsPaused { get; set; }

    public DateTime CreatedAt { get; set; }
}
