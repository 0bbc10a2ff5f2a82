namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Settings of <c>AddNpgsqlDbContext</c>. Bound from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL[:name]</c>.</summary>
public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:{name}</c> takes precedence over the section.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether commands are not retried after transient errors.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Whether no health check is registered.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether Npgsql's activity source stays unregistered.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether Npgsql's meter stays unregistered.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Time limit of a command, in seconds; null leaves Npgsql's own.</summary>
    public int? CommandTimeout { get; set; }
}
