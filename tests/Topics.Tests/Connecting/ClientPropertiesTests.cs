using Streaming.Cluster;

namespace Streaming.Topics.Tests.Connecting;

public sealed class ClientPropertiesTests
{
    [Fact]
    public void A_file_for_Confluent_Cloud_is_translated()
    {
        var properties = ClientProperties.Parse("""
            # Required connection configs
            bootstrap.servers=pkc-1.eu.confluent.cloud:9092
            security.protocol=SASL_SSL
            sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY' password='se=c;r"et';
            sasl.mechanism=PLAIN
            client.dns.lookup=use_all_dns_ips
            session.timeout.ms=45000
            key.deserializer = org.apache.kafka.common.serialization.StringDeserializer
            schema.registry.url=https://psrc-1.eu.confluent.cloud
            basic.auth.user.info=RKEY:rsecret
            """);

        Assert.Equal("sasl_ssl", properties.Client["security.protocol"]);
        Assert.Equal("PLAIN", properties.Client["sasl.mechanisms"]);
        Assert.Equal(("KEY", "se=c;r\"et"), (properties.Client["sasl.username"], properties.Client["sasl.password"]));
        Assert.Equal("45000", properties.Client["session.timeout.ms"]);
        Assert.Equal("RKEY:rsecret", properties.Registry["basic.auth.user.info"]);
        Assert.Equal(["client.dns.lookup", "key.deserializer"], properties.LeftOut);
        Assert.DoesNotContain("sasl.jaas.config", properties.Client.Keys);
    }

    [Fact]
    public void Escapes_continued_lines_and_separators_are_those_of_Java()
    {
        var properties = ClientProperties.Parse("a = 1\n! no\n  b:two\\\n   lines\nc three\nd\\:e=\\u0041\\t\\\\\nsasl.jaas.config=x.ScramLoginModule required username=\"a\\\\\"b\" password=\"p\\\\\\\\w\";\n");

        Assert.Equal("1", properties.Client["a"]);
        Assert.Equal("twolines", properties.Client["b"]);
        Assert.Equal("three", properties.Client["c"]);
        Assert.Equal("A\t\\", properties.Client["d:e"]);
        Assert.Equal(("a\"b", "p\\w"), (properties.Client["sasl.username"], properties.Client["sasl.password"]));
    }

    [Theory]
    [InlineData("sasl.jaas.config=com.example.Login required token=\"topsecret\";", "sasl.jaas.config")]
    [InlineData("ssl.truststore.location=/topsecret/trust.jks", "ssl.truststore.location")]
    [InlineData("=topsecret", "Line 1")]
    [InlineData("a=\\u12topsecret", "Line 1")]
    public void What_cannot_be_used_is_named_without_its_value(string text, string named)
    {
        var message = Assert.Throws<ClusterException>(() => ClientProperties.Parse(text)).Message;

        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no.such.setting=topsecret", "no.such.setting")]
    [InlineData("security.protocol=topsecret", "security.protocol")]
    [InlineData("socket.timeout.ms=topsecret", "socket.timeout.ms")]
    public async Task The_tool_names_a_setting_that_it_cannot_use_and_never_its_value(string line, string named)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"sasl.password=topsecret\n{line}\n");

        foreach (var command in new string[][] { ["list"], ["consume", "t"], ["groups", "list"] })
        {
            var run = await Tool.RunAsync(["-b", "127.0.0.1:1", .. command, "--command-config", file, "--request-timeout", "1"]);

            Assert.Equal(1, run.Code);
            Assert.Contains(named, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("topsecret", run.Error + run.Output, StringComparison.Ordinal);
        }

        File.Delete(file);
    }
}
