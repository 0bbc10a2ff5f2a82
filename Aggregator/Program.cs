using Microsoft.Extensions.Options;
using Streaming.Aggregator;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddAggregator();

var app = builder.Build();
app.MapDefaultEndpoints();
try
{
    await app.RunAsync();
}
catch (OptionsValidationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    Environment.ExitCode = 1;
}
