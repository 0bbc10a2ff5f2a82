using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>One look into the logs that a fetch names. Owns the slices until they have become a response.</summary>
internal sealed class FetchRead : IDisposable
{
    private const int AbortedTransactionBytes = 32;
    private readonly List<FetchResponse.Topic> _topics = [];
    private readonly List<PartitionLog> _logs = [];
    private readonly IsolationLevel _isolation;
    private int _bytesLeft;
    private long _bytes;
    private bool _failed;

    private FetchRead(IsolationLevel isolation, int maxBytes) => (_isolation, _bytesLeft) = (isolation, maxBytes);

    /// <summary>The logs that were found.</summary>
    public IReadOnlyCollection<PartitionLog> Logs => _logs;

    public static FetchRead Run(TopicStore store, FetchRequest request, int maxBytes)
    {
        var read = new FetchRead(request.Isolation, Math.Max(0, Math.Min(request.MaxBytes, maxBytes)));
        try
        {
            foreach (var wanted in request.Topics)
            {
                read.ReadTopic(store, wanted);
            }

            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>There is nothing to wait for: enough bytes, an error to tell, or no partition at all.</summary>
    public bool IsEnough(int minBytes) => _bytes >= minBytes || _failed || _logs.Count == 0;

    /// <summary>The response takes over the slices.</summary>
    public FetchResponse ToResponse() => new(ErrorCode.None, _topics);

    public void Dispose() => ToResponse().Dispose();

    private void ReadTopic(TopicStore store, FetchRequest.Topic wanted)
    {
        Topic? topic;
        var found = wanted.Name is { } name ? store.TryGet(name, out topic) : store.TryGet(wanted.Id, out topic);
        var partitions = new List<FetchResponse.Partition>(wanted.Partitions.Count);
        _topics.Add(new FetchResponse.Topic(wanted.Name, wanted.Id, partitions));
        foreach (var partition in wanted.Partitions)
        {
            PartitionLog? log = null;
            if (!found || !topic!.TryGetPartition(partition.Index, out log))
            {
                partitions.Add(Failed(partition.Index, found || wanted.Name is not null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.UnknownTopicId));
                continue;
            }

            _logs.Add(log);
            partitions.Add(ReadPartition(log, partition));
        }
    }

    private FetchResponse.Partition ReadPartition(PartitionLog log, FetchRequest.Partition wanted)
    {
        // The one leader's epoch is 0.
        if (wanted.LeaderEpoch > 0)
        {
            return Failed(wanted.Index, ErrorCode.UnknownLeaderEpoch);
        }

        // The first batch of the response comes whole, however large, so that a consumer is never stuck (KIP-74).
        var slice = log.Read(wanted.Offset, Math.Min(Math.Max(0, wanted.MaxBytes), _bytesLeft), minOneBatch: _bytes == 0, _isolation);
        _failed |= slice.Error != StorageError.None;
        _bytes += slice.Length;
        // The list takes memory too; a request may name a partition with many aborted transactions over and over.
        _bytesLeft = (int)Math.Max(0, _bytesLeft - slice.Length - ((long)slice.Aborted.Count * AbortedTransactionBytes));
        var aborted = _isolation == IsolationLevel.ReadCommitted ? slice.Aborted : null;
        return new FetchResponse.Partition(wanted.Index, (ErrorCode)slice.Error, slice.Bounds, aborted, slice);
    }

    private FetchResponse.Partition Failed(int index, ErrorCode error)
    {
        _failed = true;
        return new FetchResponse.Partition(index, error, new LogBounds(-1, -1, -1), null, null);
    }
}
