using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Transactions;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

public sealed class TransactionCoordinatorTests : IDisposable
{
    private readonly CoordinatorStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(true, "commit")]
    [InlineData(false, "abort")]
    public void Every_partition_and_group_is_told_once_how_the_transaction_ended(bool commit, string word)
    {
        var producer = Begin();
        Assert.Equal(ErrorCode.None, _stage.End(producer, commit));
        Assert.Equal([$"{word} offsets of g", $"{word} t-0 epoch 0", $"{word} t-1 epoch 0"], _stage.Outcome.Lines.Order());
        Assert.Equal(ErrorCode.None, _stage.End(producer, commit));
        Assert.Equal(ErrorCode.InvalidTxnState, _stage.End(producer, !commit));
        Assert.Equal(3, _stage.Outcome.Lines.Count);
    }

    [Fact]
    public void A_new_instance_aborts_what_the_former_left_and_is_answered_at_once()
    {
        var former = Begin();
        var next = _stage.Init();
        Assert.Equal(new ProducerIdentity(former.Id, 2), next);
        Assert.Contains("abort t-0 epoch 1", _stage.Outcome.Lines);
        Assert.Equal(ErrorCode.ProducerFenced, _stage.End(former, commit: true));
    }

    [Fact]
    public void A_transaction_is_aborted_when_its_time_is_up_and_not_before()
    {
        var producer = Begin();
        _stage.Time.Advance(CoordinatorStage.Timeout - TimeSpan.FromSeconds(1));
        Assert.Empty(_stage.Outcome.Lines);
        _stage.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["abort offsets of g", "abort t-0 epoch 1", "abort t-1 epoch 1"], _stage.Outcome.Lines.Order());
        Assert.Equal(ErrorCode.ProducerFenced, _stage.End(producer, commit: true));
    }

    [Fact]
    public void What_a_disk_refuses_is_tried_again_and_what_it_took_is_not()
    {
        var producer = Begin();
        _stage.Outcome.Refusing.Add(CoordinatorStage.Second);
        Assert.Equal(ErrorCode.None, _stage.End(producer, commit: true));
        Assert.Equal(ErrorCode.ConcurrentTransactions, _stage.Enlist(producer, CoordinatorStage.First));
        Assert.Equal(ErrorCode.ConcurrentTransactions, _stage.Coordinator.Init("tx", ProducerIdentity.None, CoordinatorStage.Timeout).Error);
        _stage.Outcome.Refusing.Clear();
        _stage.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["commit t-0 epoch 0", "commit t-1 epoch 0"], _stage.Outcome.Lines.Where(l => l.Contains(" t-", StringComparison.Ordinal)).Order());
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, CoordinatorStage.First));
    }

    [Fact]
    public void What_is_done_within_a_transaction_is_not_done_outside_of_it()
    {
        var producer = Begin();
        Assert.Equal(ErrorCode.None, Do(producer, CoordinatorStage.First));
        Assert.Equal(ErrorCode.InvalidTxnState, Do(producer, new TopicPartition("other", 0)));
        _stage.End(producer, commit: true);
        Assert.Equal(ErrorCode.InvalidTxnState, Do(producer, CoordinatorStage.First));
        Assert.Equal(ErrorCode.ProducerFenced, Do(producer with { Epoch = 5 }, CoordinatorStage.First));

        ErrorCode Do(ProducerIdentity who, TopicPartition partition)
        {
            var done = false;
            var error = _stage.Coordinator.WithinTransaction("tx", new TransactionInput.Verify(who, partition, null), () =>
            {
                done = true;
                return ErrorCode.None;
            });
            Assert.Equal(error == ErrorCode.None, done);
            return error;
        }
    }

    [Fact]
    public async Task An_end_waits_for_what_is_being_done_within_the_transaction()
    {
        var producer = Begin();
        using var within = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var writing = Task.Run(() => _stage.Coordinator.WithinTransaction("tx", new TransactionInput.Verify(producer, CoordinatorStage.First, null), () =>
        {
            within.Set();
            goOn.Wait();
            _stage.Outcome.Lines.Add("written");
            return ErrorCode.None;
        }));
        within.Wait();
        var ending = Task.Run(() => _stage.End(producer, commit: true));
        goOn.Set();
        await Task.WhenAll(writing, ending);
        Assert.Equal("written", _stage.Outcome.Lines[0]);
    }

    [Fact]
    public void There_are_only_so_many_ids_and_partitions_of_all_transactions()
    {
        var producer = _stage.Init();
        _stage.Init("second");
        _stage.Init("third");
        Assert.Equal(ErrorCode.PolicyViolation, _stage.Coordinator.Init("fourth", ProducerIdentity.None, CoordinatorStage.Timeout).Error);
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, [.. Enumerable.Range(0, 9).Select(i => new TopicPartition("t", i))]));
        Assert.Equal(ErrorCode.PolicyViolation, _stage.EnlistGroup(producer, new string('g', 200)));
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, new TopicPartition("t", 9)));
        Assert.Equal(ErrorCode.PolicyViolation, _stage.Enlist(producer, new TopicPartition("t", 10)));
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, new TopicPartition("t", 9)));
        Assert.Equal(ErrorCode.None, _stage.End(producer, commit: true));
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, new TopicPartition("t", 10)));
    }

    [Fact]
    public void What_asks_for_nonsense_leaves_no_id_behind()
    {
        foreach (var timeout in new[] { TimeSpan.Zero, TimeSpan.FromHours(1) })
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.Equal(ErrorCode.InvalidTransactionTimeout, _stage.Coordinator.Init($"id-{i}", ProducerIdentity.None, timeout).Error);
            }
        }

        Assert.Equal(ErrorCode.InvalidRequest, _stage.Coordinator.Init("", ProducerIdentity.None, CoordinatorStage.Timeout).Error);
        Assert.Equal(ErrorCode.InvalidRequest, _stage.Coordinator.Init(new string('x', 1025), ProducerIdentity.None, CoordinatorStage.Timeout).Error);
        _stage.Init("tx");
    }

    [Fact]
    public async Task An_id_that_nobody_uses_is_forgotten_for_good()
    {
        var producer = Begin();
        _stage.End(producer, commit: true);
        _stage.Time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, _stage.Enlist(producer, CoordinatorStage.First));
        await _stage.RestartAsync();
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, _stage.Enlist(producer, CoordinatorStage.First));
        Assert.NotEqual(producer.Id, _stage.Init().Id);
    }

    private ProducerIdentity Begin()
    {
        var producer = _stage.Init();
        Assert.Equal(ErrorCode.None, _stage.Enlist(producer, CoordinatorStage.First, CoordinatorStage.Second));
        Assert.Equal(ErrorCode.None, _stage.EnlistGroup(producer, "g"));
        return producer;
    }
}
