namespace Streaming.Aggregator.Pipelines;

/// <summary>A pipeline's definition makes no sense. The message names the pipeline, the line of its file and what is wrong.</summary>
public sealed class PipelineDefinitionException(string pipeline, SourceLine line, string problem)
    : Exception($"Pipeline '{pipeline}' ({line}): {problem}");

/// <summary>A line of a source file, for messages.</summary>
/// <param name="Path">The file as the compiler saw it.</param>
/// <param name="Number">From 1.</param>
public readonly record struct SourceLine(string Path, int Number)
{
    /// <summary><c>SalesByStore.cs:17</c>.</summary>
    public override string ToString() => $"{System.IO.Path.GetFileName(Path)}:{Number}";
}
