using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>Grafana beside the Dashboard, when <c>Grafana</c> is true: a container with the database as its data source and a dashboard over the windows.</summary>
internal static class Grafana
{
    private const string Folder = "Grafana";

    /// <summary>Adds it. Not compiled when Embedded=true: it only comes as a container.</summary>
    /// <exception cref="DistributedApplicationException">The database is not one that is run here, so that its address and password are not known one by one.</exception>
    public static void AddGrafana(this IDistributedApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue("Grafana", defaultValue: false))
        {
            return;
        }

        var postgres = builder.Resources.OfType<PostgresServerResource>().SingleOrDefault()
            ?? throw new DistributedApplicationException("Grafana is true, which needs the PostgreSQL that is run here: give your own Grafana the files of AppHost/Grafana.");
        var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, "grafana-password", special: false);
        builder.AddContainer("grafana", "grafana/grafana", "12.2.0")
            .WithHttpEndpoint(targetPort: 3000)
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", builder.AddResource(password))
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
            .WithEnvironment("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", "/etc/streaming/dashboards/windows.json")
            .WithEnvironment("STREAMING_DATABASE", ReferenceExpression.Create($"{postgres.PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}"))
            .WithEnvironment("STREAMING_USER", postgres.UserNameReference)
            .WithEnvironment(context => context.EnvironmentVariables["STREAMING_PASSWORD"] = postgres.PasswordParameter)
            .WithBindMount($"{Folder}/provisioning", "/etc/grafana/provisioning", isReadOnly: true)
            .WithBindMount($"{Folder}/dashboards", "/etc/streaming/dashboards", isReadOnly: true)
            .WithHttpHealthCheck("/api/health")
            .WaitFor(builder.CreateResourceBuilder(postgres));
    }
}
