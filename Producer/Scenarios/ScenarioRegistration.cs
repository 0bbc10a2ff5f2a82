using Microsoft.Extensions.Options;

namespace Streaming.Producer.Scenarios;

/// <summary>Registers scenarios.</summary>
public static class ScenarioRegistration
{
    /// <summary>The configuration's key that says whether simulated events are sent at all; true when it is not there.</summary>
    public const string SimulateKey = "Producer:Simulate";

    /// <summary>
    /// Runs a scenario, if <c>Scenarios</c> has it on. Its options are bound to <paramref name="section"/> and checked at start.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The scenario's name in <see cref="Contracts.Scenarios"/>.</param>
    /// <param name="section">The configuration section of its options: <c>Producer:Shop</c>.</param>
    public static IHostApplicationBuilder AddScenario<TScenario, TOptions, TValidator>(this IHostApplicationBuilder builder, string name, string section)
        where TScenario : class, IScenario
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!IsOn(builder, name))
        {
            return builder;
        }

        builder.Services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        return builder.AddWorker<TScenario>();
    }

    /// <summary>Runs a scenario, if <c>Scenarios</c> has it on, whose options are registered already.</summary>
    public static IHostApplicationBuilder AddScenario<TScenario>(this IHostApplicationBuilder builder, string name)
        where TScenario : class, IScenario
    {
        ArgumentNullException.ThrowIfNull(builder);
        return IsOn(builder, name) ? builder.AddWorker<TScenario>() : builder;
    }

    /// <summary>Whether any scenario is on.</summary>
    /// <exception cref="Contracts.UnknownScenarioException">The configuration names one that does not exist.</exception>
    public static bool HasScenarios(this IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Simulates(configuration) && Contracts.Scenarios.Parse(configuration[Contracts.Scenarios.Key]).Count > 0;
    }

    private static bool IsOn(IHostApplicationBuilder builder, string name) =>
        Contracts.Scenarios.Parse(builder.Configuration[Contracts.Scenarios.Key]).Contains(name) && Simulates(builder.Configuration);

    /// <summary>Switched off, pipelines and pages of the scenarios that are on work with events of one's own.</summary>
    private static bool Simulates(IConfiguration configuration) => configuration.GetValue(SimulateKey, defaultValue: true);

    private static IHostApplicationBuilder AddWorker<TScenario>(this IHostApplicationBuilder builder)
        where TScenario : class, IScenario
    {
        builder.Services.AddSingleton<TScenario>();
        builder.Services.AddHostedService<ScenarioWorker<TScenario>>();
        return builder;
    }
}
