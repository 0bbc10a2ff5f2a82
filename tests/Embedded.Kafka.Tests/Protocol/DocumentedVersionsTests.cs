using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Tests.Server;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Protocol;

public sealed partial class DocumentedVersionsTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task What_the_broker_says_it_speaks_is_what_the_document_says()
    {
        var root = typeof(DocumentedVersionsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepoRoot").Value!;
        var documented = (await File.ReadAllLinesAsync(Path.Combine(root, "docs", "broker-support.md")))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => ((ApiKey)Number(row, 2), row.Groups[1].Value, Number(row, 3), Number(row, 4)));

        using var client = await RawClient.ConnectAsync(broker.Servers);
        await client.RequestAsync(ApiKey.ApiVersions, 0, 1);
        var reader = new WireReader(await client.ReceiveAsync());
        reader.ReadInt32();
        reader.ReadInt16();
        var spoken = reader.ReadArray(static (ref WireReader r) =>
        {
            var key = (ApiKey)r.ReadInt16();
            return (key, key.ToString(), r.ReadInt16(), r.ReadInt16());
        });

        Assert.Equal(spoken.Order(), documented.Order());
    }

    private static short Number(Match row, int group) => short.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| (\w+) \| (\d+) \| (\d+)–(\d+) \|")]
    private static partial Regex Row();
}
