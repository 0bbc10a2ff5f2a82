using Microsoft.Extensions.Options;
using Streaming.Producer;
using Streaming.Producer.Publishing;
using Streaming.Producer.Scenarios.StoreSales;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPublishing("kafka");
builder.Services.AddHostedService<StoreSalesScenario>();

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
