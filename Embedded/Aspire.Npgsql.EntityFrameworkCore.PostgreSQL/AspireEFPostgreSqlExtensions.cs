using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Entity Framework contexts on PostgreSQL by the name of their connection.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string SectionName = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Name of both the activity source and the meter of Npgsql.</summary>
    private const string InstrumentationName = "Npgsql";

    /// <summary>A server that does not answer takes long to say so; whoever asks for health is not to wait so long.</summary>
    private static readonly TimeSpan HealthCheckTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Registers <typeparamref name="TContext"/> as a pooled context on <c>ConnectionStrings:{connectionName}</c>, with retries, a health
    /// check named after the context, and Npgsql's telemetry. A missing connection string throws an
    /// <see cref="InvalidOperationException"/> when a context is first asked for.
    /// </summary>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        RequireUnregistered<TContext>(builder);

        var settings = ReadSettings<TContext>(builder, connectionName, configureSettings);
        builder.Services.AddDbContextPool<TContext>(options =>
        {
            RequireConnectionString<TContext>(settings.ConnectionString, connectionName);
            options.UseNpgsql(settings.ConnectionString, npgsql => Apply(settings, npgsql));
            configureDbContextOptions?.Invoke(options);
        });
        AddInstrumentation<TContext>(builder, settings);
    }

    private static NpgsqlEntityFrameworkCorePostgreSQLSettings ReadSettings<TContext>(
        IHostApplicationBuilder builder, string connectionName, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings)
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var section = builder.Configuration.GetSection(SectionName);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        section.GetSection(typeof(TContext).Name).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        configureSettings?.Invoke(settings);
        return settings;
    }

    private static void Apply(NpgsqlEntityFrameworkCorePostgreSQLSettings settings, NpgsqlDbContextOptionsBuilder npgsql)
    {
        if (!settings.DisableRetry)
        {
            npgsql.EnableRetryOnFailure();
        }

        if (settings.CommandTimeout is { } seconds)
        {
            npgsql.CommandTimeout(seconds);
        }
    }

    private static void AddInstrumentation<TContext>(IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext
    {
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{typeof(TContext).Name}", true))
        {
            builder.Services.AddHealthChecks().AddCheck(
                typeof(TContext).Name, new DbContextHealthCheck(settings.ConnectionString), failureStatus: null, tags: [], timeout: HealthCheckTimeout);
        }

        if (!settings.DisableTracing)
        {
            builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(InstrumentationName));
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(InstrumentationName));
        }
    }

    private static void RequireUnregistered<TContext>(IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        if (builder.Environment.IsDevelopment() && builder.Services.Any(service => service.ServiceType == typeof(DbContextOptions<TContext>)))
        {
            throw new InvalidOperationException(
                $"DbContext<{typeof(TContext).Name}> is already registered: leave out AddDbContext<{typeof(TContext).Name}>() beside {nameof(AddNpgsqlDbContext)}().");
        }
    }

    private static void RequireConnectionString<TContext>(string? connectionString, string connectionName)
    {
        if (string.IsNullOrWhiteSpace(connectionString) && !EF.IsDesignTime)
        {
            throw new InvalidOperationException(
                $"ConnectionString is missing. Provide it as 'ConnectionStrings:{connectionName}', or as 'ConnectionString' in the configuration section '{SectionName}' or '{SectionName}:{typeof(TContext).Name}'.");
        }
    }
}
