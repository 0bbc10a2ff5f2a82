using Microsoft.Extensions.Options;
using Npgsql;
using Radzen;
using Streaming.Contracts;
using Streaming.Contracts.Hosting;
using Streaming.Dashboard;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Api;
using Streaming.Dashboard.Components;
using Streaming.Dashboard.Devices;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Kafka;
using Streaming.Dashboard.Kafka.Actions;
using Streaming.Dashboard.Keys;
using Streaming.Dashboard.Maps;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Proof;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Topology;
using Streaming.Dashboard.Traces;
using Streaming.Dashboard.Shop;
using Streaming.Dashboard.Vitals;
using Streaming.Data;

var builder = WebApplication.CreateBuilder(args);
if (!KnownSettings.AreFine(builder.Configuration, DashboardOptions.Section, (DashboardOptions.Section, typeof(DashboardOptions)), (KafkaPageOptions.Section, typeof(KafkaPageOptions))))
{
    return;
}

builder.AddServiceDefaults();
// No retries: somebody looks at a page and is to be told at once that the database is away; they would take a minute, and end in an exception of their own.
builder.AddNpgsqlDbContext<StreamingDbContext>("streaming", settings => settings.DisableRetry = true);

builder.Services.AddSingleton<IValidateOptions<DashboardOptions>, DashboardOptionsValidator>();
builder.Services.AddOptions<DashboardOptions>().BindConfiguration(DashboardOptions.Section).ValidateOnStart();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(services => NpgsqlDataSource.Create(
    services.GetRequiredService<IConfiguration>().GetConnectionString("streaming")
    ?? throw new InvalidOperationException("ConnectionStrings:streaming is missing: it says where the figures are.")));
builder.Services.AddSingleton(services => new ScenarioSwitch(services.GetRequiredService<IConfiguration>()[Scenarios.Key]));
builder.Services.AddSingleton<FeedReader>();
builder.Services.AddSingleton<FeedHub>();
builder.Services.AddHostedService<WindowFeed>();
builder.Services.AddSingleton<PastSales>();
builder.Services.AddSingleton<WindowPages>();
builder.Services.AddSingleton<PipelineReader>();
builder.Services.AddSingleton<PipelineFeeds>();
builder.Services.AddSingleton<PastWindows>();
builder.Services.AddSingleton<VitalsReader>();
builder.Services.AddSingleton<VitalsFeed>();
builder.Services.AddSingleton<TopologyReader>();
builder.Services.AddSingleton<TopologyFeeds>();
builder.Services.AddSingleton<TickReader>();
builder.Services.AddSingleton<ShopFeed>();
builder.Services.AddSingleton<PastShop>();
builder.Services.AddKafkaPages();
builder.Services.AddApi();
builder.Services.AddSingleton<AlertHistory>();
builder.Services.AddSingleton<AlertFeed>();
builder.Services.AddSingleton<TraceLinks>();
builder.Services.AddSingleton<SampledReader>();
builder.Services.AddSingleton<SampledFeed>();
builder.Services.AddSingleton<ProofReader>();
builder.Services.AddSingleton<ProofFeed>();
builder.Services.AddSingleton<WorldOutlines>();
builder.Services.AddSingleton<SitePast>();
builder.Services.AddSingleton<SiteFeeds>();
builder.Services.AddSingleton<FleetReader>();
builder.Services.AddSingleton<Fleet>();
builder.Services.AddSingleton<DeviceHistory>();
builder.Services.AddScoped<ViewNavigator>();
builder.Services.AddRadzenComponents();

builder.AddSharedKeys();

// SecurityHeaders forbids frames altogether; antiforgery would put "same origin" in its place.
builder.Services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true);
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();
app.UseSecurityHeaders();
if (!app.Environment.IsDevelopment())
{
    app.UseExceptionHandler("/error", createScopeForErrors: true);
}

app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseRateLimiter();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapWorldOutlines();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
app.MapTopicActions();
app.MapApi();
app.MapDefaultEndpoints();
try
{
    // Asked for now: a name that is wrong is said at start, not on the first page.
    _ = app.Services.GetRequiredService<ScenarioSwitch>();
    await app.RunAsync();
}
catch (Exception exception) when (exception is OptionsValidationException or UnknownScenarioException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    Environment.ExitCode = 1;
}

/// <summary>Named so that tests can start the application.</summary>
public sealed partial class Program;
