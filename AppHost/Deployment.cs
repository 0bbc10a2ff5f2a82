using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;
using Azure.Provisioning.AppContainers;
using Azure.Provisioning.PostgreSql;
using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>
/// Where the application goes when it is published with Aspire's own packages: <c>Deployment</c> is <c>azure</c> (Azure Container Apps, the default),
/// <c>compose</c> (Docker Compose) or <c>none</c> (the manifest of what <c>AppHost.cs</c> says). docs/deploy.md walks through it. Not compiled when
/// Embedded=true; then <c>NoDeployment.cs</c> stands here.
/// </summary>
internal static class Deployment
{
    /// <summary>A replica that is told to stop checkpoints first; its own limit is 20 s (ServiceDefaults), so that 30 s are enough.</summary>
    private const int StopSeconds = 30;
    private const string AggregatorName = "aggregator";
    private const string DashboardName = "dashboard";
    private const int MaxAggregators = 8;
    private const int MaxDashboards = 3;

    /// <summary>What Azure has in the place of a server of ours; null where the server is to be run.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? Provided(this IDistributedApplicationBuilder builder, string name) =>
        builder.Target() != "azure" ? null : name switch
        {
            KafkaAccess.Name => builder.AddConnectionString(name, ReferenceExpression.Create($"{KafkaAccess.Servers(builder)}")),
            "streaming" when string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)) => builder.AddDatabase(name),
            _ => builder.AddConnectionString(name),
        };

    /// <summary>Describes the deployment of the finished model.</summary>
    public static void AddDeployment(this IDistributedApplicationBuilder builder)
    {
        builder.AddGrafana();
        switch (builder.Target())
        {
            case "azure":
                builder.AddAzureContainerApps();
                break;
            case "compose":
                builder.AddDockerComposeEnvironment("compose");
                // A container's own folder of keys goes with it.
                builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(project => project.Name == DashboardName)).ShareKeys();
                break;
        }
    }

    private static string Target(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            return "none";
        }

        return builder.Configuration["Deployment"] switch
        {
            null or "" or "azure" => "azure",
            "compose" => "compose",
            "none" => "none",
            var other => throw new DistributedApplicationException($"Deployment is '{other}'; it is azure, compose or none."),
        };
    }

    private static void AddAzureContainerApps(this IDistributedApplicationBuilder builder)
    {
        builder.AddAzureContainerAppEnvironment("apps");
        var access = KafkaAccess.Add(builder);
        foreach (var project in builder.Resources.OfType<ProjectResource>().Select(builder.CreateResourceBuilder).ToList())
        {
            access.GiveTo(project);
            AddProbes(project);
            project.PublishAsAzureContainerApp((infrastructure, app) =>
            {
                app.Template.TerminationGracePeriodSeconds = StopSeconds;
                Scale(project.Resource.Name, app);
                if (project.Resource.Name == AggregatorName)
                {
                    access.ScaleOnLag(infrastructure, app, builder.Configuration);
                }
                else if (project.Resource.Name == DashboardName)
                {
                    Restrict(app.Configuration.Ingress, builder.Configuration["Deployment:AllowFrom"] ?? "");
                }
            });
            if (project.Resource.Name == DashboardName)
            {
                // The ingress lets nothing through but its own names; probes come with the replica's address.
                project.ShareKeys().WithEnvironment("AllowedHosts", "*");
            }
        }
    }

    private static void Scale(string name, ContainerApp app)
    {
        var scale = app.Template.Scale;
        (scale.MinReplicas, scale.MaxReplicas) = name switch
        {
            AggregatorName => (1, MaxAggregators),
            DashboardName => (1, MaxDashboards),
            // A second one would simulate everything twice.
            _ => (1, 1),
        };
    }

    /// <summary>A circuit lives in one replica; and the Dashboard has no login of its own, so that the addresses that may reach it can be listed.</summary>
    private static void Restrict(ContainerAppIngressConfiguration ingress, string allowedRanges)
    {
        ingress.StickySessionsAffinity = StickySessionAffinity.Sticky;
        foreach (var range in allowedRanges.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            ingress.IPSecurityRestrictions.Add(new ContainerAppIPSecurityRestrictionRule
            {
                Name = "allow-" + range.Replace('/', '-').Replace('.', '-').Replace(':', '-'),
                Action = ContainerAppIPRuleAction.Allow,
                IPAddressRange = range,
            });
        }
    }

    private static IResourceBuilder<ProjectResource> ShareKeys(this IResourceBuilder<ProjectResource> dashboard) =>
        dashboard.WithEnvironment("Dashboard__SharedKeys", "true");

#pragma warning disable ASPIREPROBES001 // Probes are still called experimental in 13.1; the way around them would be to write them into each container by hand.
    private static void AddProbes(IResourceBuilder<ProjectResource> project) => project
        .WithHttpProbe(ProbeType.Liveness, "/alive", initialDelaySeconds: 5, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 6)
        .WithHttpProbe(ProbeType.Readiness, "/health", periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3);
#pragma warning restore ASPIREPROBES001

    /// <summary>A Flexible Server with a generated password, which lies in a key vault; its size is the section <c>Deployment:Postgres</c>.</summary>
    private static IResourceBuilder<IResourceWithConnectionString> AddDatabase(this IDistributedApplicationBuilder builder, string name)
    {
        var size = builder.Configuration.GetSection("Deployment:Postgres");
        return builder.AddAzurePostgresFlexibleServer("postgres")
            .WithPasswordAuthentication()
            .ConfigureInfrastructure(infrastructure =>
            {
                var server = infrastructure.GetProvisionableResources().OfType<PostgreSqlFlexibleServer>().Single();
                server.StorageSizeInGB = size.GetValue("StorageGB", 64);
                server.Sku = new PostgreSqlFlexibleServerSku
                {
                    Name = size.GetValue("Sku", "Standard_D2ds_v5"),
                    Tier = size.GetValue("Tier", PostgreSqlFlexibleServerSkuTier.GeneralPurpose),
                };
            })
            .AddDatabase(name);
    }
}
