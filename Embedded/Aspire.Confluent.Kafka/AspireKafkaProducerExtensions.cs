using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka producers by the name of their connection.</summary>
public static class AspireKafkaProducerExtensions
{
    private const string SectionName = "Aspire:Confluent:Kafka:Producer";
    private const string HealthCheckName = "Aspire.Confluent.Kafka.Producer";

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaProducerSettings},Action{IServiceProvider,ProducerBuilder{TKey,TValue}})"/>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, null, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaProducerSettings},Action{IServiceProvider,ProducerBuilder{TKey,TValue}})"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, configureSettings, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaProducerSettings},Action{IServiceProvider,ProducerBuilder{TKey,TValue}})"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaProducerSettings},Action{IServiceProvider,ProducerBuilder{TKey,TValue}})"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string,Action{KafkaProducerSettings},Action{IServiceProvider,ProducerBuilder{TKey,TValue}})"/>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, configureSettings, WithoutServices(configureBuilder));

    /// <summary>
    /// Registers a singleton <see cref="IProducer{TKey,TValue}"/> on <c>ConnectionStrings:{connectionName}</c>, configured from
    /// <c>Aspire:Confluent:Kafka:Producer[:connectionName]</c>. Bootstrap servers are required when it is first resolved
    /// (<see cref="InvalidOperationException"/> otherwise).
    /// </summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
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

    private static KafkaProducerSettings ReadSettings(
        IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings)
    {
        var settings = new KafkaProducerSettings();
        KafkaClientRules.Bind(builder, SectionName, connectionName, settings, settings.Config);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);
        settings.Consolidate();
        return settings;
    }

    private static IProducer<TKey, TValue> Create<TKey, TValue>(
        IServiceProvider services, KafkaProducerSettings settings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        settings.Validate();
        var builder = new ProducerBuilder<TKey, TValue>(settings.Config);
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

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        configureBuilder is null ? null : (_, builder) => configureBuilder(builder);
}
