using Microsoft.Extensions.Options;
using Streaming.Cluster;
using Streaming.Contracts;
using Streaming.Contracts.Hosting;
using Streaming.Producer;
using Streaming.Producer.Http;
using Streaming.Producer.Import;
using Streaming.Producer.Publishing;
using Streaming.Producer.Scenarios;
using Streaming.Producer.Scenarios.Iot;
using Streaming.Producer.Scenarios.Shop;
using Streaming.Producer.Scenarios.StoreSales;
using Streaming.Producer.Scenarios.Weather;

if (args is [ImportProgram.Name, ..])
{
    Environment.ExitCode = await ImportProgram.RunAsync(args);
    return;
}

try
{
    var builder = WebApplication.CreateBuilder(args);
    if (!KnownSettings.AreFine(builder.Configuration, ProducerOptions.Section, (ProducerOptions.Section, typeof(ProducerOptions)), (ScenarioRegistration.SimulateKey, null),
        (IntakeOptions.Section, typeof(IntakeOptions)), (ShopOptions.Section, typeof(ShopOptions)), (IotOptions.Section, typeof(IotOptions)), (WeatherOptions.Section, typeof(WeatherOptions))))
    {
        return;
    }

    builder.AddServiceDefaults();
    builder.AddPublishing("kafka");
    builder.AddSchemaRegistryClient();
    builder.Services.AddSingleton<SaleFormFinder>();
    builder.Services.AddHealthChecks().AddCheck<SaleFormFinder>(SaleFormFinder.CheckName);
    builder.AddScenario<StoreSalesScenario>(Scenarios.Sales);
    builder.AddScenario<ShopScenario, ShopOptions, ShopOptionsValidator>(Scenarios.Shop, ShopOptions.Section);
    builder.AddScenario<IotScenario, IotOptions, IotOptionsValidator>(Scenarios.Iot, IotOptions.Section);
    builder.AddScenario<WeatherScenario, WeatherOptions, WeatherOptionsValidator>(Scenarios.Weather, WeatherOptions.Section);
    builder.AddEventIntake();

    var app = builder.Build();
    app.MapDefaultEndpoints();
    app.MapEventIntake();
    await app.RunAsync();
}
catch (Exception exception) when (exception is OptionsValidationException or UnknownScenarioException or ClusterException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    Environment.ExitCode = 1;
}
