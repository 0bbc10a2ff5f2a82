using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Transactions;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

/// <summary>The broker dies at each step of a transaction's end and begins again.</summary>
public sealed class TransactionDurabilityTests : IDisposable
{
    private readonly CoordinatorStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    public async Task A_decided_end_is_told_everywhere_after_a_restart(bool commit, int stepsBeforeDeath)
    {
        var producer = Begin();
        await _stage.DieAsync(() => _stage.End(producer, commit), stepsBeforeDeath);
        var word = commit ? "commit" : "abort";
        Assert.Equal(
            [$"{word} offsets of g", $"{word} t-0 epoch 0", $"{word} t-1 epoch 0"], _stage.Outcome.Lines.Skip(stepsBeforeDeath).Order());

        // The client did not hear, and asks again.
        Assert.Equal(ErrorCode.None, _stage.End(producer, commit));
        Assert.Equal(ErrorCode.InvalidTxnState, _stage.End(producer, !commit));
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, CoordinatorStage.First));
    }

    [Fact]
    public async Task A_takeover_that_dies_in_the_middle_leaves_the_former_producer_fenced()
    {
        var former = Begin();
        await _stage.DieAsync(() => _stage.Init(), afterSteps: 1);
        Assert.Contains("abort t-1 epoch 1", _stage.Outcome.Lines);
        Assert.Equal(ErrorCode.ProducerFenced, _stage.End(former, commit: true));
        Assert.Equal(new ProducerIdentity(former.Id, 2), _stage.Init());
    }

    [Fact]
    public async Task A_transaction_under_way_goes_on_after_a_restart_and_can_be_ended()
    {
        var producer = Begin();
        await _stage.RestartAsync();
        Assert.Empty(_stage.Outcome.Lines);
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, new TopicPartition("t", 2)));
        Assert.Equal(ErrorCode.None, _stage.End(producer, commit: true));
        Assert.Equal(4, _stage.Outcome.Lines.Count);
    }

    [Fact]
    public async Task The_time_of_a_transaction_runs_on_over_a_restart()
    {
        Begin();
        _stage.Time.Advance(CoordinatorStage.Timeout - TimeSpan.FromSeconds(2));
        await _stage.RestartAsync();
        Assert.Empty(_stage.Outcome.Lines);
        _stage.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, _stage.Outcome.Lines.Count);
    }

    [Fact]
    public async Task Epochs_go_on_after_a_restart()
    {
        var first = _stage.Init();
        await _stage.RestartAsync();
        Assert.Equal(first with { Epoch = 1 }, _stage.Init(claimed: first));
        await _stage.RestartAsync();
        Assert.Equal(first with { Epoch = 1 }, _stage.Init(claimed: first));
        Assert.Equal(first with { Epoch = 2 }, _stage.Init());
    }

    private ProducerIdentity Begin()
    {
        var producer = _stage.Init();
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, CoordinatorStage.First, CoordinatorStage.Second));
        Assert.Equal(ErrorCode.None, _stage.EnlistGroup(producer, "g"));
        return producer;
    }
}
