using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Transactions;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

public sealed class TransactionMachineTests
{
    /// <summary>Every phase and every input of the present producer: error, phase afterwards (nothing: as before), effect.</summary>
    private const string Table = """
        phase          | input    | error                    | phase after    | effect
        Unknown        | init     | None                     | Empty          | None
        Unknown        | reinit   | None                     | Empty          | None
        Unknown        | enlist   | InvalidProducerIdMapping |                | None
        Unknown        | verify   | InvalidProducerIdMapping |                | None
        Unknown        | commit   | InvalidProducerIdMapping |                | None
        Unknown        | abort    | InvalidProducerIdMapping |                | None
        Unknown        | settled  | None                     |                | None
        Unknown        | tick     | None                     |                | None
        Unknown        | timeout  | None                     |                | None
        Empty          | init     | None                     | Empty          | None
        Empty          | reinit   | None                     | Empty          | None
        Empty          | enlist   | None                     | Ongoing        | None
        Empty          | verify   | InvalidTxnState          |                | None
        Empty          | commit   | InvalidTxnState          |                | None
        Empty          | abort    | InvalidTxnState          |                | None
        Empty          | settled  | None                     |                | None
        Empty          | tick     | None                     |                | None
        Empty          | timeout  | None                     |                | None
        Ongoing        | init     | ConcurrentTransactions   | PrepareAbort   | Settle
        Ongoing        | reinit   | ConcurrentTransactions   | PrepareAbort   | Settle
        Ongoing        | enlist   | None                     | Ongoing        | None
        Ongoing        | verify   | None                     |                | None
        Ongoing        | commit   | None                     | PrepareCommit  | Settle
        Ongoing        | abort    | None                     | PrepareAbort   | Settle
        Ongoing        | settled  | None                     |                | None
        Ongoing        | tick     | None                     |                | None
        Ongoing        | timeout  | None                     | PrepareAbort   | Settle
        PrepareCommit  | init     | ConcurrentTransactions   |                | None
        PrepareCommit  | reinit   | ConcurrentTransactions   |                | None
        PrepareCommit  | enlist   | ConcurrentTransactions   |                | None
        PrepareCommit  | verify   | ConcurrentTransactions   |                | None
        PrepareCommit  | commit   | ConcurrentTransactions   |                | None
        PrepareCommit  | abort    | InvalidTxnState          |                | None
        PrepareCommit  | settled  | None                     | CompleteCommit | None
        PrepareCommit  | tick     | None                     |                | Settle
        PrepareCommit  | timeout  | None                     |                | Settle
        PrepareAbort   | init     | ConcurrentTransactions   |                | None
        PrepareAbort   | reinit   | ConcurrentTransactions   |                | None
        PrepareAbort   | enlist   | ConcurrentTransactions   |                | None
        PrepareAbort   | verify   | ConcurrentTransactions   |                | None
        PrepareAbort   | commit   | InvalidTxnState          |                | None
        PrepareAbort   | abort    | ConcurrentTransactions   |                | None
        PrepareAbort   | settled  | None                     | CompleteAbort  | None
        PrepareAbort   | tick     | None                     |                | Settle
        PrepareAbort   | timeout  | None                     |                | Settle
        CompleteCommit | init     | None                     | Empty          | None
        CompleteCommit | reinit   | None                     | Empty          | None
        CompleteCommit | enlist   | None                     | Ongoing        | None
        CompleteCommit | verify   | InvalidTxnState          |                | None
        CompleteCommit | commit   | None                     |                | None
        CompleteCommit | abort    | InvalidTxnState          |                | None
        CompleteCommit | settled  | None                     |                | None
        CompleteCommit | tick     | None                     |                | None
        CompleteCommit | timeout  | None                     |                | None
        CompleteAbort  | init     | None                     | Empty          | None
        CompleteAbort  | reinit   | None                     | Empty          | None
        CompleteAbort  | enlist   | None                     | Ongoing        | None
        CompleteAbort  | verify   | InvalidTxnState          |                | None
        CompleteAbort  | commit   | InvalidTxnState          |                | None
        CompleteAbort  | abort    | None                     |                | None
        CompleteAbort  | settled  | None                     |                | None
        CompleteAbort  | tick     | None                     |                | None
        CompleteAbort  | timeout  | None                     |                | None
        """;

    private static readonly TransactionSettings Settings = new(TimeSpan.FromMinutes(15), TimeSpan.FromDays(7), MaxIds: 10);
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly ProducerIdentity Producer = new(7, 3);
    private static readonly TopicPartition Partition = new("t", 0);

    public static TheoryData<string, string, string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string, string, string>();
        foreach (var cells in Table.Split('\n').Skip(1).Select(static line => line.Split('|', StringSplitOptions.TrimEntries)))
        {
            cases.Add(cells[0], cells[1], cells[2], cells[3], cells[4]);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_phase_takes_every_input(string phase, string input, string error, string after, string effect)
    {
        var now = Start + (input == "timeout" ? Timeout : TimeSpan.FromSeconds(1));
        var decision = TransactionMachine.Decide(StateIn(phase), Inputs[input], Settings, now);
        Assert.Equal((error, after, effect), ($"{decision.Error}", $"{decision.Next?.Phase}", $"{decision.Effect}"));
    }

    [Fact]
    public void The_table_has_every_phase_with_every_input() =>
        Assert.Equal((Enum.GetNames<TransactionPhase>().Length + 1) * Inputs.Count, Cases().Count);

    [Theory]
    [InlineData("enlist")]
    [InlineData("verify")]
    [InlineData("commit")]
    [InlineData("abort")]
    public void A_producer_of_another_epoch_is_fenced_and_one_of_another_id_unknown_in_every_phase(string input)
    {
        foreach (var phase in Enum.GetNames<TransactionPhase>())
        {
            var state = StateIn(phase)!;
            foreach (var epoch in new short[] { 2, 4 })
            {
                var fenced = TransactionMachine.Decide(state with { Producer = Producer with { Epoch = epoch } }, Inputs[input], Settings, Start);
                Assert.Equal(new TransactionDecision(ErrorCode.ProducerFenced), fenced);
            }

            var unknown = TransactionMachine.Decide(state with { Producer = new ProducerIdentity(8, 3) }, Inputs[input], Settings, Start);
            Assert.Equal(new TransactionDecision(ErrorCode.InvalidProducerIdMapping), unknown);
        }
    }

    [Fact]
    public void What_is_enlisted_again_changes_nothing_and_what_is_new_does_not_begin_the_time_anew()
    {
        var state = StateIn("Ongoing")!;
        var again = new TransactionInput.Enlist(Producer, [Partition], ["g"]);
        Assert.Equal(new TransactionDecision(ErrorCode.None), TransactionMachine.Decide(state, again, Settings, Start + TimeSpan.FromSeconds(9)));
        var more = TransactionMachine.Decide(state, Inputs["enlist"], Settings, Start + TimeSpan.FromSeconds(9)).Next!;
        Assert.Equal((Start, 2), (more.StartedAt!.Value, more.Partitions.Count));
    }

    [Fact]
    public void A_transaction_is_empty_again_once_it_has_been_settled()
    {
        var settled = TransactionMachine.Decide(StateIn("PrepareCommit"), TransactionInput.Settled.Instance, Settings, Start).Next!;
        Assert.Empty(settled.Partitions);
        Assert.Empty(settled.Groups);
        Assert.Null(settled.StartedAt);
    }

    [Fact]
    public void Only_the_partitions_and_groups_of_the_transaction_may_be_written_to()
    {
        var state = StateIn("Ongoing")!;
        Assert.Equal(ErrorCode.None, Verify(state, Partition, null));
        Assert.Equal(ErrorCode.None, Verify(state, null, "g"));
        Assert.Equal(ErrorCode.InvalidTxnState, Verify(state, new TopicPartition("t", 1), null));
        Assert.Equal(ErrorCode.InvalidTxnState, Verify(state, null, "other"));
    }

    [Fact]
    public void An_id_without_a_transaction_is_forgotten_when_nobody_has_used_it_for_long()
    {
        foreach (var phase in new[] { "Empty", "CompleteCommit", "CompleteAbort" })
        {
            Assert.Equal(TransactionEffect.None, Tick(phase, TimeSpan.FromDays(7) - TimeSpan.FromTicks(1)).Effect);
            Assert.Equal(TransactionEffect.Forget, Tick(phase, TimeSpan.FromDays(7)).Effect);
        }

        Assert.Equal(TransactionEffect.Settle, Tick("PrepareCommit", TimeSpan.FromDays(7)).Effect);

        static TransactionDecision Tick(string phase, TimeSpan after) =>
            TransactionMachine.Decide(StateIn(phase), TransactionInput.Tick.Instance, Settings, Start + after);
    }

    /// <summary>What the present producer and the clock can do.</summary>
    private static Dictionary<string, TransactionInput> Inputs { get; } = new()
    {
        ["init"] = new TransactionInput.Init(ProducerIdentity.None, Timeout, 99),
        ["reinit"] = new TransactionInput.Init(Producer, Timeout, 99),
        ["enlist"] = new TransactionInput.Enlist(Producer, [new TopicPartition("t", 1)], []),
        ["verify"] = new TransactionInput.Verify(Producer, Partition, null),
        ["commit"] = new TransactionInput.End(Producer, Commit: true),
        ["abort"] = new TransactionInput.End(Producer, Commit: false),
        ["settled"] = TransactionInput.Settled.Instance,
        ["tick"] = TransactionInput.Tick.Instance,
        ["timeout"] = TransactionInput.Tick.Instance,
    };

    private static ErrorCode Verify(TransactionState state, TopicPartition? partition, string? group) =>
        TransactionMachine.Decide(state, new TransactionInput.Verify(Producer, partition, group), Settings, Start).Error;

    private static TransactionState? StateIn(string phase)
    {
        if (phase == "Unknown")
        {
            return null;
        }

        var state = TransactionState.Begin(Producer.Id, Timeout, Start) with { Producer = Producer, Phase = Enum.Parse<TransactionPhase>(phase) };
        return phase is "Ongoing" or "PrepareCommit" or "PrepareAbort"
            ? state with { StartedAt = Start, Partitions = [Partition], Groups = ["g"] }
            : state;
    }
}
