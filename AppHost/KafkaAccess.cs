using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Azure;
using Azure.Provisioning.AppContainers;
using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>
/// How published services get into a Kafka cluster: its address (parameter <c>kafka-bootstrap-servers</c>, by default <c>ConnectionStrings:kafka</c>), TLS, and SASL with
/// the parameters <c>kafka-username</c> and <c>kafka-password</c>. Not compiled when Embedded=true.
/// </summary>
internal sealed class KafkaAccess
{
    public const string Name = "kafka";
    private const string ServersName = "kafka-bootstrap-servers";
    private readonly IResourceBuilder<ParameterResource> _servers;
    private readonly IResourceBuilder<ParameterResource> _userName;
    private readonly IResourceBuilder<ParameterResource> _password;

    /// <summary>As Kafka calls it: <c>PLAIN</c>, <c>SCRAM-SHA-256</c>, <c>SCRAM-SHA-512</c>.</summary>
    private readonly string _mechanism;

    private KafkaAccess(IDistributedApplicationBuilder builder)
    {
        _servers = Servers(builder);
        _userName = builder.AddParameter("kafka-username");
        _password = builder.AddParameter("kafka-password", secret: true);
        _mechanism = builder.Configuration["Deployment:Kafka:SaslMechanism"] ?? "PLAIN";
        if (_mechanism is not ("PLAIN" or "SCRAM-SHA-256" or "SCRAM-SHA-512"))
        {
            throw new DistributedApplicationException($"Deployment:Kafka:SaslMechanism is '{_mechanism}'; it is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.");
        }
    }

    public static KafkaAccess Add(IDistributedApplicationBuilder builder) => new(builder);

    /// <summary>The cluster's address: one parameter, whoever asks first.</summary>
    public static IResourceBuilder<ParameterResource> Servers(IDistributedApplicationBuilder builder) =>
        builder.Resources.OfType<ParameterResource>().FirstOrDefault(parameter => parameter.Name == ServersName) is { } known
            ? builder.CreateResourceBuilder(known)
            : builder.AddParameterFromConfiguration(ServersName, $"ConnectionStrings:{Name}");

    /// <summary>Tells a service's clients who it is: in the sections of producers and consumers, which its other clients read too.</summary>
    public void GiveTo(IResourceBuilder<ProjectResource> project)
    {
        foreach (var role in new[] { "Producer", "Consumer" })
        {
            var prefix = $"Aspire__Confluent__Kafka__{role}__Config__";
            project.WithEnvironment(prefix + "SecurityProtocol", "SaslSsl")
                .WithEnvironment(prefix + "SaslMechanism", _mechanism switch { "PLAIN" => "Plain", "SCRAM-SHA-256" => "ScramSha256", _ => "ScramSha512" })
                .WithEnvironment(prefix + "SaslUsername", _userName)
                .WithEnvironment(prefix + "SaslPassword", _password);
        }
    }

    /// <summary>
    /// A replica more for each so many events that a pipeline lags behind (https://keda.sh/docs/latest/scalers/apache-kafka/). Which consumer groups count
    /// is <c>Deployment:ScaleOn</c>: the pipelines of the scenarios that run.
    /// </summary>
    public void ScaleOnLag(AzureResourceInfrastructure infrastructure, ContainerApp app, IConfiguration configuration)
    {
        const string User = "kafka-scaler-username";
        const string Password = "kafka-scaler-password";
        app.Configuration.Secrets.Add(new ContainerAppWritableSecret { Name = User, Value = _userName.AsProvisioningParameter(infrastructure) });
        app.Configuration.Secrets.Add(new ContainerAppWritableSecret { Name = Password, Value = _password.AsProvisioningParameter(infrastructure) });
        foreach (var group in ScaleGroups.Of(configuration))
        {
            app.Template.Scale.Rules.Add(new ContainerAppScaleRule
            {
                Name = $"lag-{group}".Replace('.', '-'),
                Custom = new ContainerAppCustomScaleRule
                {
                    CustomScaleRuleType = "kafka",
                    Metadata =
                    {
                        { "bootstrapServers", _servers.AsProvisioningParameter(infrastructure) },
                        { "consumerGroup", group },
                        { "lagThreshold", configuration["Deployment:LagPerReplica"] ?? "50000" },
                        { "tls", "enable" },
                        { "sasl", _mechanism switch { "PLAIN" => "plaintext", "SCRAM-SHA-256" => "scram_sha256", _ => "scram_sha512" } },
                        // The group of a generation that a replay has replaced lags for ever and needs nobody.
                        { "excludePersistentLag", "true" },
                    },
                    Auth =
                    {
                        new ContainerAppScaleRuleAuth { TriggerParameter = "username", SecretRef = User },
                        new ContainerAppScaleRuleAuth { TriggerParameter = "password", SecretRef = Password },
                    },
                },
            });
        }
    }
}
