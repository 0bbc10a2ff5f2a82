using Confluent.Kafka;
using NSubstitute;
using Streaming.Producer.Http;

namespace Streaming.Producer.Tests.Http;

/// <summary>A client that has given up is replaced while requests go on.</summary>
public sealed class IntakeClientTests : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(1);

    private readonly List<(IProducer<byte[]?, byte[]> Client, Action GiveUp)> _built = [];
    private readonly IntakeClient _client;

    public IntakeClientTests() => _client = new IntakeClient(giveUp =>
    {
        var client = Substitute.For<IProducer<byte[]?, byte[]>>();
        _built.Add((client, giveUp));
        return client;
    });

    [Fact]
    public async Task Requests_do_not_wait_while_a_client_that_has_given_up_is_closed()
    {
        using var flushed = new ManualResetEventSlim();
        var first = Used();
        first.Flush(Arg.Any<TimeSpan>()).Returns(_ => flushed.Wait(s_bound) ? 0 : 1);
        _built[0].GiveUp();

        var second = await Task.Run(Used).WaitAsync(s_bound);
        Assert.NotSame(first, second);
        Assert.Same(second, Used());
        first.DidNotReceive().Dispose();
        _built[1].GiveUp();
        Assert.Equal(503, Assert.Throws<IntakeRefusal>(Used).Status);

        flushed.Set();
        _client.Dispose();
        first.Received(1).Dispose();
        second.Received(1).Dispose();
    }

    [Fact]
    public void After_closing_no_client_is_used_and_none_is_made()
    {
        var first = Used();
        _client.Dispose();

        Assert.Throws<IntakeRefusal>(Used);
        first.Received(1).Dispose();
        Assert.Single(_built);
    }

    public void Dispose() => _client.Dispose();

    private IProducer<byte[]?, byte[]> Used()
    {
        IProducer<byte[]?, byte[]>? used = null;
        _client.Use(client => used = client);
        return used!;
    }
}
