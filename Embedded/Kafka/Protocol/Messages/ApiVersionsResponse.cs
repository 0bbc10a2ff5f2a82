namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>The spoken request kinds with their versions.</summary>
internal sealed record ApiVersionsResponse(ErrorCode Error, IReadOnlyList<ApiSpec> Apis) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteError(Error);
        writer.WriteArray(Apis, static (w, api) =>
        {
            w.WriteInt16((short)api.Key);
            w.WriteInt16(api.MinVersion);
            w.WriteInt16(api.MaxVersion);
            w.WriteTaggedFields();
        });
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteTaggedFields();
    }
}
