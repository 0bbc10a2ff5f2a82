using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Tests;

public sealed class ProducingHealthCheckTests : IDisposable
{
    private readonly Clock _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Deliveries _deliveries;

    public ProducingHealthCheckTests() =>
        _deliveries = new Deliveries(_services.GetRequiredService<IMeterFactory>(), _clock, NullLogger<Deliveries>.Instance);

    public void Dispose()
    {
        _deliveries.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Unhealthy_until_the_first_acknowledgement()
    {
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
        Acknowledge(ErrorCode.NoError);
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());
    }

    [Fact]
    public async Task Unhealthy_when_a_queued_event_waits_too_long()
    {
        Acknowledge(ErrorCode.NoError);
        _clock.Now += TimeSpan.FromHours(1);
        _deliveries.Queued();
        Assert.Equal(HealthStatus.Healthy, await StatusAsync());

        _clock.Now += ProducingHealthCheck.StallLimit + TimeSpan.FromSeconds(1);

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
    }

    [Fact]
    public async Task A_failure_is_held_against_the_service_for_a_while()
    {
        Acknowledge(ErrorCode.NoError);
        Acknowledge(ErrorCode.Local_MsgTimedOut);
        Acknowledge(ErrorCode.NoError);
        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());

        _clock.Now += ProducingHealthCheck.FailureMemory;

        Assert.Equal(HealthStatus.Healthy, await StatusAsync());
    }

    [Fact]
    public async Task A_fatal_error_of_the_client_stays()
    {
        Acknowledge(ErrorCode.NoError);
        _deliveries.ClientError(new Error(ErrorCode.OutOfOrderSequenceNumber, "gap", isFatal: true));
        _clock.Now += TimeSpan.FromHours(1);

        Assert.Equal(HealthStatus.Unhealthy, await StatusAsync());
    }

    [Fact]
    public void A_missing_topic_is_reported_once()
    {
        Acknowledge(ErrorCode.UnknownTopicOrPart);

        Assert.True(_deliveries.TakeMissing([Topics.Sales]));
        Assert.False(_deliveries.TakeMissing([Topics.Sales]));
    }

    private void Acknowledge(ErrorCode code)
    {
        _deliveries.Queued();
        _deliveries.Reported(new DeliveryReport<byte[], byte[]> { Topic = "sales", Error = new Error(code) });
    }

    private async Task<HealthStatus> StatusAsync() =>
        (await new ProducingHealthCheck(_deliveries, _clock).CheckHealthAsync(new HealthCheckContext())).Status;

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
