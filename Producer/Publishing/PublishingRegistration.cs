using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Streaming.Cluster;
using Streaming.Producer.Scenarios;

namespace Streaming.Producer.Publishing;

/// <summary>Registers the publisher and what it stands on.</summary>
public static class PublishingRegistration
{
    /// <summary>
    /// Adds <see cref="EventPublisher"/> on the cluster of <c>ConnectionStrings:{connectionName}</c>, and the options, checked at start.
    /// </summary>
    public static void AddPublishing(this IHostApplicationBuilder builder, string connectionName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var section = builder.Configuration.GetSection(ProducerOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<ProducerOptions>, ProducerOptionsValidator>();
        builder.Services.AddOptions<ProducerOptions>().Bind(section).ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddKafkaProducer<byte[], byte[]>(
            connectionName,
            settings =>
            {
                SharedSettings.AddTo(settings.Config, builder.Configuration[SharedSettings.Key]);
                KafkaConnection.Configure(settings.Config, section.Get<ProducerOptions>() ?? new ProducerOptions());
                builder.Services.AddSingleton(new KafkaConnection(settings.Config));

                // Own spans for sampled records and an own check, which asks whether events are delivered, take their place.
                settings.DisableTracing = true;
                settings.DisableHealthChecks = true;
            },
            (services, kafka) => kafka.SetErrorHandler((_, error) => services.GetRequiredService<Deliveries>().ClientError(error)));
        builder.Services.AddSingleton<Deliveries>();
        builder.Services.AddSingleton<EventPublisher>();
        if (builder.Configuration.HasScenarios())
        {
            builder.Services.AddHealthChecks().AddCheck<ProducingHealthCheck>(ProducingHealthCheck.Name);
        }
    }
}
