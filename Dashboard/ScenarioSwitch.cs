using Streaming.Contracts;

namespace Streaming.Dashboard;

/// <summary>Which scenarios are on: pages of others say so and are not in the navigation.</summary>
/// <param name="configured">The value of the configuration key <see cref="Scenarios.Key"/>.</param>
/// <exception cref="UnknownScenarioException">A name is unknown.</exception>
public sealed class ScenarioSwitch(string? configured)
{
    private readonly IReadOnlySet<string> _on = Scenarios.Parse(configured);

    /// <summary>Whether a scenario of <see cref="Scenarios"/> is on.</summary>
    public bool IsOn(string scenario) => _on.Contains(scenario);
}
