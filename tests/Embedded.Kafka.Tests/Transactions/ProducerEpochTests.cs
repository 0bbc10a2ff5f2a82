using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Transactions;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

/// <summary>Who becomes the producer of a transactional id, and in which epoch.</summary>
public sealed class ProducerEpochTests
{
    private const long Fresh = 99;
    private static readonly TransactionSettings Settings = new(TimeSpan.FromMinutes(15), TimeSpan.FromDays(7), MaxIds: 10);
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_new_instance_keeps_the_id_and_raises_the_epoch()
    {
        var state = Init(Init(null, ProducerIdentity.None).Next, ProducerIdentity.None).Next!;
        Assert.Equal(new ProducerIdentity(Fresh, 1), state.Producer);
    }

    [Fact]
    public void A_new_instance_aborts_the_former_ones_transaction_in_a_higher_epoch_and_gets_the_one_above()
    {
        var aborting = Init(Ongoing(7, 3), ProducerIdentity.None);
        Assert.Equal((ErrorCode.ConcurrentTransactions, new ProducerIdentity(7, 4)), (aborting.Error, aborting.Next!.Producer));
        Assert.Equal(new ProducerIdentity(7, 5), Init(Settle(aborting.Next), ProducerIdentity.None).Next!.Producer);
    }

    [Fact]
    public void A_producer_raises_its_own_epoch_and_may_ask_again_when_the_answer_was_lost()
    {
        var raised = Init(Complete(7, 3), new ProducerIdentity(7, 3)).Next!;
        Assert.Equal(new ProducerIdentity(7, 4), raised.Producer);
        Assert.Equal(new ProducerIdentity(7, 4), Init(raised, new ProducerIdentity(7, 3)).Next!.Producer);
    }

    [Fact]
    public void A_producer_that_raises_its_epoch_in_the_middle_of_a_transaction_aborts_it_and_gets_the_epoch_of_the_abort()
    {
        var aborting = Init(Ongoing(7, 3), new ProducerIdentity(7, 3));
        Assert.Equal(ErrorCode.ConcurrentTransactions, aborting.Error);
        Assert.Equal(new ProducerIdentity(7, 4), Init(Settle(aborting.Next!), new ProducerIdentity(7, 3)).Next!.Producer);
    }

    [Theory]
    [InlineData(7, 2)]
    [InlineData(7, 4)]
    [InlineData(8, 3)]
    public void A_producer_that_is_not_the_present_one_cannot_raise_its_epoch(long id, short epoch)
    {
        Assert.Equal(new TransactionDecision(ErrorCode.ProducerFenced), Init(Complete(7, 3), new ProducerIdentity(id, epoch)));
        Assert.Equal(new TransactionDecision(ErrorCode.ProducerFenced), Init(Ongoing(7, 3), new ProducerIdentity(id, epoch)));
    }

    [Fact]
    public void Whose_epoch_was_raised_by_a_newer_instance_cannot_raise_it()
    {
        var taken = Init(Complete(7, 3), ProducerIdentity.None).Next!;
        Assert.Equal(ErrorCode.ProducerFenced, Init(taken, new ProducerIdentity(7, 3)).Error);
    }

    [Fact]
    public void A_timed_out_transaction_fences_its_producer()
    {
        var aborted = Settle(TransactionMachine.Decide(Ongoing(7, 3), TransactionInput.Tick.Instance, Settings, Now + Timeout).Next!);
        Assert.Equal((new ProducerIdentity(7, 4), TransactionPhase.CompleteAbort), (aborted.Producer, aborted.Phase));
        Assert.Equal(ErrorCode.ProducerFenced, Init(aborted, new ProducerIdentity(7, 3)).Error);
        var late = new TransactionInput.End(new ProducerIdentity(7, 3), Commit: true);
        Assert.Equal(ErrorCode.ProducerFenced, TransactionMachine.Decide(aborted, late, Settings, Now).Error);
    }

    [Fact]
    public void When_the_epochs_are_used_up_a_new_id_begins()
    {
        var last = Init(Complete(7, short.MaxValue - 2), ProducerIdentity.None).Next!;
        Assert.Equal(new ProducerIdentity(7, short.MaxValue - 1), last.Producer);
        Assert.Equal(new ProducerIdentity(Fresh, 0), Init(last, ProducerIdentity.None).Next!.Producer);
    }

    [Fact]
    public void A_producer_whose_epochs_are_used_up_hears_of_its_new_id_also_when_it_asks_again()
    {
        var former = new ProducerIdentity(7, short.MaxValue - 1);
        var next = Init(Complete(former.Id, former.Epoch), former).Next!;
        Assert.Equal(new ProducerIdentity(Fresh, 0), next.Producer);
        Assert.Equal(next.Producer, Init(next, former).Next!.Producer);
    }

    [Fact]
    public void The_highest_epoch_fences_and_is_given_to_nobody()
    {
        var former = new ProducerIdentity(7, short.MaxValue - 1);
        foreach (var claimed in new[] { ProducerIdentity.None, former })
        {
            var fenced = Settle(Init(Ongoing(former.Id, former.Epoch), claimed).Next!);
            Assert.Equal(short.MaxValue, fenced.Producer.Epoch);
            Assert.Equal(new ProducerIdentity(Fresh, 0), Init(fenced, claimed).Next!.Producer);
        }
    }

    [Fact]
    public void A_producer_of_an_id_that_was_forgotten_gets_a_new_one() =>
        Assert.Equal(new ProducerIdentity(Fresh, 0), Init(null, new ProducerIdentity(7, 3)).Next!.Producer);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(900_001)]
    public void A_timeout_out_of_bounds_is_refused(int timeoutMs)
    {
        var init = new TransactionInput.Init(ProducerIdentity.None, TimeSpan.FromMilliseconds(timeoutMs), Fresh);
        Assert.Equal(new TransactionDecision(ErrorCode.InvalidTransactionTimeout), TransactionMachine.Decide(null, init, Settings, Now));
    }

    private static TransactionDecision Init(TransactionState? state, ProducerIdentity claimed) =>
        TransactionMachine.Decide(state, new TransactionInput.Init(claimed, Timeout, Fresh), Settings, Now);

    private static TransactionState Settle(TransactionState state) => TransactionMachine.Decide(state, TransactionInput.Settled.Instance, Settings, Now).Next!;

    private static TransactionState Complete(long id, short epoch) =>
        TransactionState.Begin(id, Timeout, Now) with { Producer = new ProducerIdentity(id, epoch), Phase = TransactionPhase.CompleteCommit };

    private static TransactionState Ongoing(long id, short epoch) => Complete(id, epoch) with
    {
        Phase = TransactionPhase.Ongoing,
        StartedAt = Now,
        Partitions = [new TopicPartition("t", 0)],
    };
}
