using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using Radzen;
using Streaming.Dashboard.Components;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Kafka;
using Streaming.Dashboard.Maps;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Traces;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Tests.Components;

/// <summary>Renders components to HTML, as a first request would, with what the pages cascade.</summary>
internal static class Markup
{
    public static Task<string> OfAsync<TComponent>(FeedSnapshot? snapshot = null, ViewState? view = null, ViewerClock? clock = null, params (string Name, object? Value)[] parameters)
        where TComponent : IComponent => OfAsync<TComponent>(snapshot, view, clock, [], parameters);

    /// <summary>The same with more values that are cascaded.</summary>
    public static async Task<string> OfAsync<TComponent>(
        FeedSnapshot? snapshot, ViewState? view, ViewerClock? clock, object[] cascaded, params (string Name, object? Value)[] parameters)
        where TComponent : IComponent
    {
        await using var services = Services();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            RenderFragment content = builder => Component(builder, typeof(TComponent), parameters);
            foreach (var value in new object[] { snapshot ?? FeedSnapshot.Empty, view ?? new ViewState(), clock ?? Samples.Clock }.Concat(cascaded))
            {
                content = Cascading(value, content);
            }

            var root = await renderer.RenderComponentAsync<Fragment>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Fragment.Content)] = content }));

            // The renderer writes characters beyond ASCII as references; tests are readable with the dash itself.
            return root.ToHtmlString().Replace("&#x2013;", "–", StringComparison.Ordinal);
        });
    }

    private static ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<NavigationManager, FixedNavigation>();
        services.AddSingleton<IJSRuntime, NoBrowser>();
        services.AddSingleton(Options.Create(new DashboardOptions()));
        services.AddSingleton<TraceLinks>();
        services.AddScoped<ViewNavigator>();
        services.AddSingleton<PastSales>();
        services.AddSingleton<WindowPages>();
        services.AddSingleton<WorldOutlines>();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddKafkaPages();
        services.AddRadzenComponents();
        return services.BuildServiceProvider();
    }

    private static RenderFragment Cascading(object value, RenderFragment content) => builder =>
    {
        builder.OpenComponent(0, typeof(CascadingValue<>).MakeGenericType(value.GetType()));
        builder.AddComponentParameter(1, "Value", value);
        builder.AddComponentParameter(2, "ChildContent", content);
        builder.CloseComponent();
    };

    private static void Component(RenderTreeBuilder builder, Type type, (string Name, object? Value)[] parameters)
    {
        builder.OpenComponent(0, type);
        foreach (var (name, value) in parameters)
        {
            builder.AddComponentParameter(1, name, value);
        }

        builder.CloseComponent();
    }

    private sealed class Fragment : ComponentBase
    {
        [Parameter]
        public RenderFragment Content { get; set; } = _ => { };

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Content);
    }

    private sealed class FixedNavigation : NavigationManager
    {
        public FixedNavigation() => Initialize("http://localhost/", "http://localhost/");

        protected override void NavigateToCore(string uri, NavigationOptions options) => Uri = ToAbsoluteUri(uri).ToString();
    }

    /// <summary>There is no browser in a first render: whoever calls it has made a mistake.</summary>
    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => throw new InvalidOperationException(identifier);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => throw new InvalidOperationException(identifier);
    }
}
