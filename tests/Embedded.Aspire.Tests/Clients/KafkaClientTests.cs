using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Streaming.Embedded.Aspire.Tests.Clients;

public sealed class KafkaClientTests
{
    private const string Nowhere = "127.0.0.1:1";
    private const string SourceName = "OpenTelemetry.Instrumentation.ConfluentKafka";

    [Fact]
    public void Producer_is_one_singleton()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:kafka", Nowhere));
        builder.AddKafkaProducer<string, string>("kafka");
        using var host = builder.Build();

        Assert.Same(host.Services.GetRequiredService<IProducer<string, string>>(), host.Services.GetRequiredService<IProducer<string, string>>());
    }

    [Fact]
    public void Connection_string_takes_precedence_over_the_section()
    {
        ProducerConfig? config = null;
        var builder = ClientHost.Builder(
            ("Aspire:Confluent:Kafka:Producer:ConnectionString", "section:1"),
            ("ConnectionStrings:kafka", Nowhere));
        builder.AddKafkaProducer<string, string>("kafka", settings =>
        {
            Assert.Equal(Nowhere, settings.ConnectionString);
            config = settings.Config;
        });

        Assert.Equal(Nowhere, config!.BootstrapServers);
        Assert.Equal(1000, config.StatisticsIntervalMs);
    }

    [Fact]
    public void Named_section_takes_precedence_over_the_common_one()
    {
        ConsumerConfig? config = null;
        var builder = ClientHost.Builder(
            ("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "common"),
            ("Aspire:Confluent:Kafka:Consumer:Config:ClientId", "common"),
            ("Aspire:Confluent:Kafka:Consumer:kafka:Config:GroupId", "named"),
            ("Aspire:Confluent:Kafka:Consumer:kafka:DisableMetrics", "true"));
        builder.AddKafkaConsumer<string, string>("kafka", settings => config = settings.Config);

        Assert.Equal("named", config!.GroupId);
        Assert.Equal("common", config.ClientId);
        Assert.Null(config.StatisticsIntervalMs);
    }

    [Fact]
    public void Producer_without_bootstrap_servers_throws_when_it_is_asked_for()
    {
        var builder = ClientHost.Builder();
        builder.AddKafkaProducer<string, string>("kafka");
        using var host = builder.Build();

        var error = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IProducer<string, string>>());
        Assert.Contains("No bootstrap servers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Consumer_without_a_group_throws_when_it_is_asked_for()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:kafka", Nowhere));
        builder.AddKafkaConsumer<string, string>("kafka");
        using var host = builder.Build();

        var error = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IConsumer<string, string>>());
        Assert.Contains("No group id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_forms_of_the_builder_callback_are_called()
    {
        var called = new List<string>();
        var builder = ClientHost.Builder(("ConnectionStrings:kafka", Nowhere), ("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "group"));
        builder.AddKafkaProducer<string, string>("kafka", (ProducerBuilder<string, string> producer) => called.Add($"producer {producer is not null}"));
        builder.AddKafkaConsumer<string, string>("kafka", (services, _) => called.Add($"consumer {services.GetService<IHostEnvironment>() is not null}"));
        using var host = builder.Build();

        host.Services.GetRequiredService<IProducer<string, string>>();
        host.Services.GetRequiredService<IConsumer<string, string>>();

        Assert.Equal(["producer True", "consumer True"], called);
    }

    [Fact]
    public void A_log_handler_of_the_caller_is_kept()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:kafka", Nowhere));
        builder.AddKafkaProducer<string, string>("kafka", null, producer => producer.SetLogHandler((_, _) => { }));
        using var host = builder.Build();

        Assert.NotNull(host.Services.GetRequiredService<IProducer<string, string>>());
    }

    [Fact]
    public void Health_checks_bear_the_official_names_and_can_be_left_out()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:kafka", Nowhere));
        builder.AddKafkaProducer<string, string>("kafka");
        builder.AddKafkaProducer<string, int>("kafka");
        builder.AddKafkaConsumer<string, string>("kafka", settings => settings.DisableHealthChecks = true);
        using var host = builder.Build();

        var names = host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name);
        Assert.Equal(["Aspire.Confluent.Kafka.Producer"], names);
    }

    [Fact]
    public async Task Without_a_broker_the_health_check_says_so_in_bounded_time()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:kafka", Nowhere), ("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "group"));
        builder.AddKafkaConsumer<string, string>("kafka", settings => settings.Config.ConsumeResultFields = "none");
        using var host = builder.Build();

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["Aspire.Confluent.Kafka.Consumer"].Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_activity_source_is_registered_unless_disabled(bool disabled)
    {
        var builder = ClientHost.Builder(("ConnectionStrings:kafka", Nowhere));
        builder.AddKafkaProducer<string, string>("kafka", settings => settings.DisableTracing = disabled);

        Assert.Equal(!disabled, ClientHost.Traces(builder, SourceName));
    }
}
