using Microsoft.Extensions.Options;
using Streaming.Dashboard.Kafka.Actions;

namespace Streaming.Dashboard.Kafka;

/// <summary>Registers what the pages about Kafka need.</summary>
internal static class KafkaPages
{
    public static IServiceCollection AddKafkaPages(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<KafkaPageOptions>, KafkaPageOptionsValidator>();
        services.AddOptions<KafkaPageOptions>().BindConfiguration(KafkaPageOptions.Section).ValidateOnStart();
        services.AddSingleton(provider => KafkaSettings.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<SharedCluster>();
        services.AddSingleton<ActionOutcomes>();
        services.AddSingleton<TopicActions>();
        return services.AddSingleton<KafkaFeeds>();
    }
}
