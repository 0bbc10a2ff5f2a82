using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Streaming.Producer.Scenarios;
using Streaming.Producer.Scenarios.StoreSales;

namespace Streaming.Producer.Tests;

public sealed class SimulationSwitchTests
{
    [Theory]
    [InlineData("sales", null, true)]
    [InlineData("sales", "false", false)]
    [InlineData("shop", null, false)]
    public void A_scenario_is_simulated_when_it_is_on_and_simulation_is_not_switched_off(string scenarios, string? simulate, bool expected)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("Scenarios", scenarios), new(ScenarioRegistration.SimulateKey, simulate)]);

        builder.AddScenario<StoreSalesScenario>(Contracts.Scenarios.Sales);

        Assert.Equal(expected, builder.Services.Any(service => service.ImplementationType == typeof(ScenarioWorker<StoreSalesScenario>)));
    }
}
