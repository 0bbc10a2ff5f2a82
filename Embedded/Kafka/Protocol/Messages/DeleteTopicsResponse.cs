namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each topic.</summary>
internal sealed record DeleteTopicsResponse(IReadOnlyList<DeleteTopicsResponse.Topic> Topics) : IResponse
{
    public void Write(WireWriter writer)
    {
        if (writer.Version >= 1)
        {
            writer.WriteInt32(0); // throttle time
        }

        writer.WriteArray(Topics, static (w, topic) =>
        {
            w.WriteNullableString(w.Version >= 6 ? topic.Name : topic.Name ?? "");
            if (w.Version >= 6)
            {
                w.WriteUuid(topic.Id);
            }

            w.WriteError(topic.Error);
            if (w.Version >= 5)
            {
                w.WriteNullableString(topic.Message);
            }

            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Topic(string? Name, Guid Id, ErrorCode Error, string? Message = null);
}
