namespace Streaming.Embedded.Kafka.Protocol;

/// <summary>A response message. One that holds slices of logs is <see cref="IDisposable"/> and disposed after it has been sent.</summary>
internal interface IResponse
{
    /// <summary>Encodes the body in <see cref="WireWriter.Version"/>.</summary>
    void Write(WireWriter writer);
}
