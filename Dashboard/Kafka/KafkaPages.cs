using Microsoft.Extensions.Options;

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
        return services.AddSingleton<KafkaFeeds>();
    }
}
