namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each topic.</summary>
internal sealed record CreatePartitionsResponse(IReadOnlyList<CreatePartitionsResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteArray(Topics, static (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteError(topic.Error);
            w.WriteNullableString(topic.Message);
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Topic(string Name, ErrorCode Error, string? Message = null);
}
