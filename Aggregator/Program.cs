using Microsoft.Extensions.Options;
using Streaming.Aggregator;
using Streaming.Aggregator.Control;
using Streaming.Contracts.Hosting;

var builder = WebApplication.CreateBuilder(args);
if (!KnownSettings.AreFine(builder.Configuration, AggregatorOptions.Section, (AggregatorOptions.Section, typeof(AggregatorOptions)), (ControlOptions.Section, typeof(ControlOptions))))
{
    return;
}

builder.AddServiceDefaults();
builder.AddAggregator();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapControl();
try
{
    await app.RunAsync();
}
catch (Exception exception) when (exception is OptionsValidationException or Streaming.Contracts.UnknownScenarioException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    Environment.ExitCode = 1;
}
