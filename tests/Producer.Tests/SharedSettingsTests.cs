using Confluent.Kafka;
using Streaming.Cluster;

namespace Streaming.Producer.Tests;

public sealed class SharedSettingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Settings_of_the_file_are_added_and_none_that_is_set_is_replaced()
    {
        File.WriteAllText(_file, "bootstrap.servers=elsewhere:1\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.jaas.config=x required username=\"u\" password=\"p\";\n");
        var config = new ProducerConfig { BootstrapServers = "here:1", SaslMechanism = SaslMechanism.ScramSha512 };

        SharedSettings.AddTo(config, _file);

        Assert.Equal(
            ("here:1", SecurityProtocol.SaslSsl, SaslMechanism.ScramSha512, "u", "p"),
            (config.BootstrapServers, config.SecurityProtocol, config.SaslMechanism, config.SaslUsername, config.SaslPassword));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Without_a_file_nothing_is_added(string? file)
    {
        var config = new ClientConfig();
        SharedSettings.AddTo(config, file);
        Assert.Empty(config);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named_with_its_setting()
    {
        var missing = Assert.Throws<ClusterException>(() => SharedSettings.AddTo(new ClientConfig(), "/no/such/file"));
        Assert.Contains("/no/such/file' (Kafka:Properties) cannot be read: there is no such file", missing.Message, StringComparison.Ordinal);
    }
}
