namespace Streaming.Aggregator.Pipelines;

/// <summary>A pipeline of this application. Every type that implements it is run: a new pipeline is a new file.</summary>
public interface IPipeline
{
    /// <summary>The topology, from source to outputs.</summary>
    /// <exception cref="PipelineDefinitionException">The definition makes no sense.</exception>
    static abstract PipelineDefinition Define();
}
