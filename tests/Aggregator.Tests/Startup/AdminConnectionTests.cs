using Confluent.Kafka;
using Confluent.Kafka.Admin;
using NSubstitute;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts.Kafka;
using Xunit;

namespace Streaming.Aggregator.Tests.Startup;

/// <summary>Nobody uses an administrative client while or after it is closed: that would end the process.</summary>
public sealed class AdminConnectionTests
{
    private readonly IAdminClient _client = Substitute.For<IAdminClient>();
    private readonly TaskCompletionSource<List<DescribeConfigsResult>> _answer = new();

    public AdminConnectionTests() => _client.DescribeConfigsAsync(Arg.Any<IEnumerable<ConfigResource>>(), Arg.Any<DescribeConfigsOptions>()).Returns(_answer.Task);

    [Fact]
    public async Task Closing_waits_for_a_question_whose_asker_has_given_up()
    {
        using var given = new CancellationTokenSource();
        var connection = new AdminConnection(() => _client);
        var asking = connection.AskAsync((client, _) => client.DescribeConfigsAsync([]), given.Token);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        var closing = connection.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        _client.DidNotReceive().Dispose();
        _answer.SetResult([]);

        await closing;
        _client.Received(1).Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Closing_does_not_wait_for_ever_and_leaves_a_client_that_is_used_unfreed(bool isAsync)
    {
        var connection = new AdminConnection(() => _client);
        var asking = connection.AskAsync((client, _) => client.DescribeConfigsAsync([]), CancellationToken.None);

        var closing = isAsync ? connection.DisposeAsync().AsTask() : Task.Run(connection.Dispose);
        await closing.WaitAsync(TimeSpan.FromMinutes(1));
        _answer.SetResult([]);

        await asking;
        _client.DidNotReceive().Dispose();
    }

    [Fact]
    public async Task A_question_that_was_given_up_makes_no_further_request()
    {
        using var given = new CancellationTokenSource();
        await using var connection = new AdminConnection(() => _client);
        var asking = connection.AskAsync(
            async (client, ending) =>
            {
                await client.DescribeConfigsAsync([]);
                ending.ThrowIfCancellationRequested();
                await client.CreateTopicsAsync([]);
                return true;
            },
            given.Token);
        await given.CancelAsync();
        _answer.SetResult([]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await connection.DisposeAsync();
        await _client.Received(1).DescribeConfigsAsync(Arg.Any<IEnumerable<ConfigResource>>(), Arg.Any<DescribeConfigsOptions>());
        await _client.DidNotReceive().CreateTopicsAsync(Arg.Any<IEnumerable<TopicSpecification>>(), Arg.Any<CreateTopicsOptions>());
    }

    [Fact]
    public async Task After_closing_nothing_is_asked_and_no_client_is_made()
    {
        var isBuilt = false;
        var connection = new AdminConnection(() =>
        {
            isBuilt = true;
            return _client;
        });
        connection.Dispose();
        connection.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.AskAsync((client, _) => client.DescribeConfigsAsync([]), CancellationToken.None));
        Assert.False(isBuilt);
    }

    [Fact]
    public async Task Questions_go_on_while_another_is_given_up()
    {
        using var given = new CancellationTokenSource();
        await using var connection = new AdminConnection(() => _client);
        var first = connection.AskAsync((client, _) => client.DescribeConfigsAsync([]), given.Token);
        var second = connection.AskAsync((client, _) => client.DescribeConfigsAsync([]), CancellationToken.None);
        await given.CancelAsync();
        await Until.TrueAsync(() => first.IsCompleted, "the first is given up");
        _answer.SetResult([]);

        Assert.NotNull(await second);
    }
}
