using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Server;

public sealed class ConnectionLimitTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_connection_more_than_allowed_is_closed_and_a_freed_place_is_given_again()
    {
        await using var broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path, MaxConnections = 2 });
        using var first = await ConnectAsync(broker);
        using (var second = await ConnectAsync(broker))
        {
            using var third = await RawClient.ConnectAsync(broker.BootstrapServers);
            Assert.True(await third.IsClosedAsync());
        }

        await Eventually.IsTrueAsync(() => TryUse(broker), "a place is free again");
    }

    [Fact]
    public async Task A_connection_that_asks_nothing_is_closed()
    {
        await using var broker = await KafkaBroker.StartAsync(
            new BrokerOptions { DataDirectory = _folder.Path, IdleTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = await RawClient.ConnectAsync(broker.BootstrapServers);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task A_request_that_stops_midway_closes_the_connection()
    {
        await using var broker = await KafkaBroker.StartAsync(
            new BrokerOptions { DataDirectory = _folder.Path, StallTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = await RawClient.ConnectAsync(broker.BootstrapServers);
        await client.SendHexAsync("000000400003000C");
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Stopping_the_broker_ends_requests_that_wait()
    {
        var broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path });
        using var client = await ConnectAsync(broker);
        await client.RequestAsync(ApiKey.JoinGroup, 0, 1, w =>
        {
            w.WriteString("g");
            w.WriteInt32(6000);
            w.WriteString("");
            w.WriteString("consumer");
            w.WriteArray(["range"], static (e, name) =>
            {
                e.WriteString(name);
                e.WriteBytes([]);
            });
        });
        await broker.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<RawClient> ConnectAsync(KafkaBroker broker)
    {
        var client = await RawClient.ConnectAsync(broker.BootstrapServers);
        await client.RequestAsync(ApiKey.ApiVersions, 0, 1);
        Assert.NotNull(await client.ReceiveAsync());
        return client;
    }

    private static bool TryUse(KafkaBroker broker)
    {
        using var client = RawClient.ConnectAsync(broker.BootstrapServers).GetAwaiter().GetResult();
        client.RequestAsync(ApiKey.ApiVersions, 0, 1).GetAwaiter().GetResult();
        return client.ReceiveAsync().GetAwaiter().GetResult() is not null;
    }
}
