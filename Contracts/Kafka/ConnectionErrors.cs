using Confluent.Kafka;

namespace Streaming.Contracts.Kafka;

/// <summary>Tells errors of connections from others among those that a client reports.</summary>
public static class ConnectionErrors
{
    /// <summary>Whether a connection to a broker was lost or could not be made. That all of them are down is reported besides, and is not another one.</summary>
    public static bool IsLost(Error error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.Code is ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_Ssl or ErrorCode.Local_Authentication;
    }
}
