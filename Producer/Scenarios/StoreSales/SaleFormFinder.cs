using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Streaming.Contracts;
using Streaming.Contracts.SchemaRegistry;

namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>
/// Finds out how sales are written: registers their schema, unless they are to be JSON. Waits while the registry is away, and is a health check that says so.
/// </summary>
public sealed partial class SaleFormFinder(
    IOptions<ProducerOptions> options, IEnumerable<SchemaRegistryClient> registries, TimeProvider time, ILogger<SaleFormFinder> logger) : IHealthCheck
{
    /// <summary>Name of the check.</summary>
    public const string CheckName = "schemas";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private volatile string? _trouble;

    /// <summary>The form that the options ask for.</summary>
    /// <exception cref="SchemaRefusedException">The registry will not take the schema; the message names the subject and the registry's reason.</exception>
    /// <exception cref="OptionsValidationException">Sales are to be Avro, and no registry is configured.</exception>
    public async Task<SaleForm> FindAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Format == ProducerOptions.JsonFormat)
        {
            return SaleForm.Json;
        }

        var registry = registries.FirstOrDefault() ?? throw new OptionsValidationException(ProducerOptions.Section, typeof(ProducerOptions),
            [$"{ProducerOptions.Section}:{nameof(ProducerOptions.Format)} is '{options.Value.Format}', and no schema registry is configured: set ConnectionStrings:{SchemaRegistrySettings.Name}, or the format to '{ProducerOptions.JsonFormat}'."]);
        var version = options.Value.SaleSchema;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var id = await registry.RegisterAsync(StoreSaleAvro.Subject, StoreSaleAvro.Schema(version), cancellationToken).ConfigureAwait(false);
                _trouble = null;
                Registered(logger, version, StoreSaleAvro.Subject, id);
                return SaleForm.Avro(id, version);
            }
            catch (SchemaRegistryException e)
            {
                _trouble = e.Message;
                Waiting(logger, e.Message, pause.TotalSeconds);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_trouble is { } trouble ? HealthCheckResult.Degraded($"No sales are sent: {trouble}") : HealthCheckResult.Healthy());

    [LoggerMessage(EventId = 1020, Level = LogLevel.Information, Message = "Sales are Avro: schema {Version} of subject {Subject} has id {Id}.")]
    private static partial void Registered(ILogger logger, int version, string subject, int id);

    [LoggerMessage(EventId = 1021, Level = LogLevel.Warning, Message = "Waiting for the schema registry: {Reason}; next attempt in {Seconds} s.")]
    private static partial void Waiting(ILogger logger, string reason, double seconds);
}
