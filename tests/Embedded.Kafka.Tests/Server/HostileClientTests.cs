using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>Whatever comes over the network costs the sender its connection, and the broker nothing.</summary>
public sealed class HostileClientTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData("FFFFFFFF0000")] // a negative size
    [InlineData("7FFFFFFF00000009")] // 2 GiB announced
    [InlineData("0500000000030009")] // 80 MiB of a metadata request
    [InlineData("000000040003000C")] // shorter than any header
    [InlineData("474554202F20485454502F312E310D0A0D0A")] // GET / HTTP/1.1
    [InlineData("16030100C8010000C4030300000000000000")] // a TLS client hello
    [InlineData("0000000C0003000C000000010000" + "FF7F")] // a varint that runs out of the frame
    [InlineData("0000000E0000000300000001FFFFFFFF0001")] // a produce request that ends early
    [InlineData("0000000A03E7000100000001FFFF")] // an unknown kind
    [InlineData("0000000A000303E700000001FFFF")] // an unknown version
    public async Task A_frame_that_cannot_be_closes_the_connection(string hex)
    {
        using var client = await RawClient.ConnectAsync(broker.Servers);
        await client.SendHexAsync(hex);
        Assert.True(await client.IsClosedAsync());
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Random_bytes_never_end_the_broker()
    {
        var random = new Random(20261121);
        for (var i = 0; i < 200; i++)
        {
            using var client = await RawClient.ConnectAsync(broker.Servers);
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            await client.SendAsync(bytes);
        }

        await AssertAliveAsync();
    }

    [Fact]
    public async Task Random_bodies_of_every_kind_and_version_are_answered_or_close_the_connection()
    {
        var random = new Random(1121);
        foreach (var key in Enum.GetValues<ApiKey>())
        {
            for (short version = 0; version <= 16; version++)
            {
                using var client = await RawClient.ConnectAsync(broker.Servers);
                var body = new byte[random.Next(0, 60)];
                random.NextBytes(body);
                await client.RequestAsync(key, version, 1, w => Array.ForEach(body, w.WriteByte));
                await client.RequestAsync(ApiKey.ApiVersions, 0, 2);
            }
        }

        await AssertAliveAsync();
    }

    [Fact]
    public async Task A_large_announcement_takes_no_memory_until_the_bytes_come()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<RawClient>();
        for (var i = 0; i < 50; i++)
        {
            var client = await RawClient.ConnectAsync(broker.Servers);
            await client.SendHexAsync("0600000000000003" + "00000001"); // 96 MiB of a produce request
            clients.Add(client);
        }

        await AssertAliveAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 50 << 20);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task An_unknown_version_of_the_first_question_is_answered_with_what_is_spoken()
    {
        using var client = await RawClient.ConnectAsync(broker.Servers);
        await client.RequestAsync(ApiKey.ApiVersions, 99, 7);
        var reader = new WireReader(await client.ReceiveAsync());
        Assert.Equal(7, reader.ReadInt32());
        Assert.Equal((short)ErrorCode.UnsupportedVersion, reader.ReadInt16());
        var apis = reader.ReadArray(static (ref WireReader r) => (r.ReadInt16(), r.ReadInt16(), r.ReadInt16()));
        Assert.Contains(((short)ApiKey.Fetch, (short)4, (short)16), apis);
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public async Task Requests_sent_at_once_are_answered_in_order()
    {
        using var client = await RawClient.ConnectAsync(broker.Servers);
        for (var i = 0; i < 100; i++)
        {
            await client.RequestAsync(i % 2 == 0 ? ApiKey.ApiVersions : ApiKey.ListGroups, 0, i);
        }

        for (var i = 0; i < 100; i++)
        {
            var reader = new WireReader(await client.ReceiveAsync());
            Assert.Equal(i, reader.ReadInt32());
        }
    }

    private async Task AssertAliveAsync()
    {
        using var client = await RawClient.ConnectAsync(broker.Servers);
        await client.RequestAsync(ApiKey.ApiVersions, 0, 1);
        Assert.NotNull(await client.ReceiveAsync());
    }
}
