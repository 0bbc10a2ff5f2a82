using Streaming.Contracts.Iot;

namespace Streaming.Aggregator.Pipelines.Iot;

/// <summary>How the topic <c>device-events</c> is read.</summary>
public static class HeartbeatEvents
{
    /// <summary><see cref="HeartbeatJson"/>.</summary>
    public static readonly EventDecoder<Heartbeat> Json = Decode;

    private static Decoding Decode(in RecordBytes record, out Heartbeat e, out long eventTimeMs)
    {
        (e, eventTimeMs) = (null!, 0);
        if (record.Value is not { Length: > 0 } value)
        {
            return Decoding.Rejected("no-value", "the record has no value (a tombstone)");
        }

        if (record.Key is not { } key)
        {
            return Decoding.Rejected("no-key", "the record has no key, which names the device");
        }

        if (!HeartbeatJson.TryDecode(key, value, out var heartbeat, out var reason, out var error))
        {
            return Decoding.Rejected(reason, error);
        }

        (e, eventTimeMs) = (heartbeat, heartbeat.Ts);
        return Decoding.Taken;
    }
}
