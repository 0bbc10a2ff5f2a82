using Microsoft.Extensions.Options;
using Streaming.Aggregator;
using Streaming.Aggregator.Control;

var builder = WebApplication.CreateBuilder(args);
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
