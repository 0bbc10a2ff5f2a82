namespace Streaming.Data;

/// <summary>A pipeline and the generation of it whose results readers show.</summary>
public sealed class Pipeline
{
    public required string Name { get; set; }

    /// <summary>The active generation; 1 is the first. A replay builds the next one beside it.</summary>
    public int Generation { get; set; }

    /// <summary>What the pipeline's definition was when the generation began (source, key, window, grace): another definition needs a new generation.</summary>
    public required string Fingerprint { get; set; }

    public DateTime CreatedAt { get; set; }
}
