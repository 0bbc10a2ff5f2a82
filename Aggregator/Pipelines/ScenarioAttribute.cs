namespace Streaming.Aggregator.Pipelines;

/// <summary>Says of an <see cref="IPipeline"/> that it runs only while its scenario is on (configuration key <c>Scenarios</c>).</summary>
/// <param name="name">The scenario's name in <see cref="Contracts.Scenarios"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ScenarioAttribute(string name) : Attribute
{
    public string Name => name;
}
