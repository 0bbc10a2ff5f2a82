using Streaming.Aggregator;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddAggregator();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
