using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka consumers by the name of their connection.</summary>
public static class AspireKafkaConsumerExtensions
{
    private const string SectionName = "Aspire:Confluent:Kafka:Consumer";
    private const string HealthCheckName = "Aspire.Confluent.Kafka.Consumer";

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaConsumerSettings},Action{IServiceProvider,ConsumerBuilder{TKey,TValue}})"/>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, null, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaConsumerSettings},Action{IServiceProvider,ConsumerBuilder{TKey,TValue}})"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, configureSettings, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaConsumerSettings},Action{IServiceProvider,ConsumerBuilder{TKey,TValue}})"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaConsumerSettings},Action{IServiceProvider,ConsumerBuilder{TKey,TValue}})"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaConsumerSettings},Action{IServiceProvider,ConsumerBuilder{TKey,TValue}})"/>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, configureSettings, WithoutServices(configureBuilder));

    /// <summary>
    /// Registers a singleton <see cref="IConsumer{TKey,TValue}"/> on <c>ConnectionStrings:{connectionName}</c>, configured from
    /// <c>Aspire:Confluent:Kafka:Consumer[:connectionName]</c>. Bootstrap servers and its group are required when it is first resolved
    /// (<see cref="InvalidOperationException"/> otherwise).
    /// </summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = ReadSettings(builder, connectionName, configureSettings);
        builder.Services.AddSingleton(services => Create(services, settings, configureBuilder));
        KafkaClientRules.AddTelemetry(builder.Services, settings.DisableMetrics, settings.DisableTracing);
        if (!settings.DisableHealthChecks)
        {
            KafkaHealthCheck.TryAdd(builder, HealthCheckName, settings.Config);
        }
    }

    private static KafkaConsumerSettings ReadSettings(
        IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings)
    {
        var settings = new KafkaConsumerSettings();
        KafkaClientRules.Bind(builder, SectionName, connectionName, settings, settings.Config);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);
        settings.Consolidate();
        return settings;
    }

    private static IConsumer<TKey, TValue> Create<TKey, TValue>(
        IServiceProvider services, KafkaConsumerSettings settings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        settings.Validate();
        var builder = new ConsumerBuilder<TKey, TValue>(settings.Config);
        configureBuilder?.Invoke(services, builder);

        var logger = KafkaClientLog.Create(services);
        try
        {
            builder.SetLogHandler((_, message) => KafkaClientLog.Write(logger, message));
        }
        catch (InvalidOperationException)
        {
            // The caller's own handler stays: a builder takes one only.
            KafkaClientLog.HandlerTaken(logger);
        }

        return builder.Build();
    }

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        configureBuilder is null ? null : (_, builder) => configureBuilder(builder);
}
