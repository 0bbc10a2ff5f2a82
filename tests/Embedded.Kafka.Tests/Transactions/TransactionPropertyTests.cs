using FsCheck;
using FsCheck.Fluent;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Transactions;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

/// <summary>Whatever producers and the clock do in whatever order, the coordinator keeps its promises.</summary>
public sealed class TransactionPropertyTests
{
    private static readonly TransactionSettings Settings = new(TimeSpan.FromMinutes(15), TimeSpan.FromDays(7), MaxIds: 10);

    /// <summary>Kind of input; which of the identities ever given uses it (0: none); a number for the rest.</summary>
    private static readonly Gen<(int Kind, int Who, int Number)[]> Steps =
        Gen.Choose(0, 6).SelectMany(kind => Gen.Choose(0, 3).SelectMany(who => Gen.Choose(0, 5).Select(number => (kind, who, number)))).ArrayOf();

    [Fact]
    public void Epochs_only_grow_decisions_stand_and_the_journal_tells_the_same() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Steps.ToArbitrary(), steps =>
        {
            var given = new List<ProducerIdentity> { ProducerIdentity.None };
            var journal = new Dictionary<string, TransactionState>();
            TransactionState? state = null;
            var now = DateTimeOffset.UnixEpoch;
            foreach (var (kind, who, number) in steps)
            {
                now += TimeSpan.FromSeconds(number);
                var decision = TransactionMachine.Decide(state, InputOf(kind, given[Math.Max(0, given.Count - 1 - who)], number, given.Count), Settings, now);
                if (decision.Next is { } next)
                {
                    AssertStep(state, next);
                    Assert.All(TransactionEntry.Encode("id", state, next), entry => Assert.True(TransactionEntry.TryApply(entry, journal)));
                    state = next;
                    given.Add(state.Producer);
                }

                AssertSame(state, journal.GetValueOrDefault("id"));
            }
        }));

    private static TransactionInput InputOf(int kind, ProducerIdentity who, int number, int fresh) => kind switch
    {
        0 => new TransactionInput.Init(who, TimeSpan.FromSeconds(10), 1_000 + fresh),
        1 => new TransactionInput.Init(ProducerIdentity.None, TimeSpan.FromSeconds(10), 1_000 + fresh),
        2 => new TransactionInput.Enlist(who, [new TopicPartition("t", number)], number == 0 ? ["g"] : []),
        3 => new TransactionInput.End(who, number % 2 == 0),
        4 => new TransactionInput.Verify(who, new TopicPartition("t", number), null),
        5 => TransactionInput.Settled.Instance,
        _ => TransactionInput.Tick.Instance,
    };

    private static void AssertStep(TransactionState? former, TransactionState next)
    {
        var isInTransaction = next.Phase is TransactionPhase.Ongoing || next.IsPrepared;
        Assert.Equal(isInTransaction, next.StartedAt is not null);
        Assert.Equal(isInTransaction, next.Weight > 0);
        Assert.True(former is null || next.Producer.Id != former.Producer.Id || next.Producer.Epoch >= former.Producer.Epoch);
        if (former is { IsPrepared: true })
        {
            Assert.Equal(former.Phase == TransactionPhase.PrepareCommit ? TransactionPhase.CompleteCommit : TransactionPhase.CompleteAbort, next.Phase);
        }
    }

    private static void AssertSame(TransactionState? expected, TransactionState? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is not null)
        {
            Assert.Equal(expected with { Partitions = [], Groups = [] }, actual! with { Partitions = expected.Partitions.Clear(), Groups = [] }, Fields);
            Assert.Equal(expected.Partitions.Order(ByPartition), actual.Partitions.Order(ByPartition));
            Assert.Equal(expected.Groups.Order(), actual.Groups.Order());
        }
    }

    private static readonly IComparer<TopicPartition> ByPartition = Comparer<TopicPartition>.Create((a, b) => a.Partition.CompareTo(b.Partition));

    private static bool Fields(TransactionState a, TransactionState b) =>
        (a.Producer, a.Former, a.Phase, a.Timeout, a.StartedAt, a.UpdatedAt) == (b.Producer, b.Former, b.Phase, b.Timeout, b.StartedAt, b.UpdatedAt);
}
