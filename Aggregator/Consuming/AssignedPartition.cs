using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// A partition that the group has given to this instance. It goes from claiming (no reader) to ready (a claim, not yet positioned) to running (a
/// reader), and back to claiming when the claim is lost but the assignment is not. Consumer's thread only.
/// </summary>
internal sealed class AssignedPartition(TopicPartition topicPartition) : IDisposable
{
    private CancellationTokenSource _claim = new();

    public TopicPartition TopicPartition { get; } = topicPartition;

    public int Number => TopicPartition.Partition.Value;

    /// <summary>Set while running.</summary>
    public PartitionReader? Reader { get; set; }

    /// <summary>Set between the claim and the first record.</summary>
    public Claim? Ready { get; set; }

    /// <summary>
    /// The client knows where it reads: something has arrived. Before that its question for the log's end is under way, and its answer would move
    /// a position that was set meanwhile (librdkafka asks again when the answer is outdated).
    /// </summary>
    public bool HasPosition { get; set; }

    /// <summary>Where offsets were last found missing; a second time at the same offset the log really has none there. Survives a new claim.</summary>
    public long? GapAt { get; set; }

    /// <summary>
    /// Until when a jump is taken for a position that the client lost (a timestamp of the time provider). Later no question for a position can be under
    /// way any more, and a hole is a hole: on a topic with transactions each marker makes one, and claiming anew for each would stop the pipeline.
    /// </summary>
    public long SuspectUntil { get; set; }

    /// <summary>When positioning the client at the claim's offset was first tried; 0 before.</summary>
    public long StartTriedAt { get; set; }

    /// <summary>The client can read no further; claim again once everything that was read is committed.</summary>
    public bool IsBroken { get; set; }

    /// <summary>When a partition that stopped at a gap is to be looked at again; null unless it stopped.</summary>
    public long? RecheckAt { get; set; }

    public IdleState Idle { get; set; } = new();

    /// <summary>How it follows the former generation; null unless running, and for a generation without a former one.</summary>
    public Trail? Trail { get; set; }

    /// <summary>Something that may not be read yet has been passed over: fetch it again when it may.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The client has been paused because of that.</summary>
    public bool IsSilenced { get; set; }

    /// <summary>The schema without which the next record cannot be read; what arrives meanwhile is fetched again. Null when there is no such wait.</summary>
    public int? AwaitedSchema { get; set; }

    /// <summary>Ends with the claim: a new claim, or the end of the assignment.</summary>
    public CancellationToken ClaimEnds => _claim.Token;

    /// <summary>Forgets everything that was read and not committed.</summary>
    public void Reset()
    {
        _claim.Cancel();
        _claim.Dispose();
        _claim = new CancellationTokenSource();
        (Reader, Ready, StartTriedAt, IsBroken, RecheckAt, Idle) = (null, null, 0, false, null, new IdleState());
        (Trail, IsHeld, IsSilenced, AwaitedSchema) = (null, false, false, null);
    }

    public void Dispose()
    {
        _claim.Cancel();
        _claim.Dispose();
        (Reader, Ready) = (null, null);
    }
}
