using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Streaming.Dashboard.Keys;

/// <summary>
/// Lets several replicas of the Dashboard share Data Protection's keys (<c>Dashboard:SharedKeys</c>): antiforgery tokens and the markers with which a browser
/// starts its circuit are then good at whichever replica they arrive. Without it each machine has keys of its own, which is right for one.
/// </summary>
internal static class SharedKeys
{
    private const string SharedKey = $"{DashboardOptions.Section}:{nameof(DashboardOptions.SharedKeys)}";
    private const string CertificateKey = $"{DashboardOptions.Section}:{nameof(DashboardOptions.KeysCertificate)}";
    private const string PasswordKey = $"{DashboardOptions.Section}:{nameof(DashboardOptions.KeysCertificatePassword)}";

    /// <summary>The same for all replicas, wherever their files lie.</summary>
    private const string ApplicationName = "streaming-dashboard";

    /// <summary>Registers them. A certificate that cannot be used is a setting at fault, said when the application starts.</summary>
    public static void AddSharedKeys(this WebApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue(SharedKey, defaultValue: false))
        {
            return;
        }

        var protection = builder.Services.AddDataProtection().SetApplicationName(ApplicationName);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource>((options, database) => options.XmlRepository = new DatabaseKeys(database));
        builder.Services.AddHealthChecks().AddCheck<SharedKeysCheck>("keys");
        if (builder.Configuration[CertificateKey] is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            protection.ProtectKeysWithCertificate(X509CertificateLoader.LoadPkcs12FromFile(path, builder.Configuration[PasswordKey]));
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            builder.Services.AddOptions<DashboardOptions>().Validate(
                _ => false, $"{CertificateKey} is '{path}', which cannot be read as PKCS#12 with the password {PasswordKey}: {exception.Message}");
        }
    }
}

/// <summary>A replica takes no requests before the Aggregator has made the table: every page needs a key.</summary>
internal sealed class SharedKeysCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1 FROM data_protection_keys LIMIT 1");
            await command.ExecuteNonQueryAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy("The shared keys cannot be read.", exception);
        }
    }
}
