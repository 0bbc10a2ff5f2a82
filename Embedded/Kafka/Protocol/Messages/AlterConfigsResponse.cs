namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>What became of each change; AlterConfigs and IncrementalAlterConfigs answer alike.</summary>
internal sealed record AlterConfigsResponse(IReadOnlyList<AlterConfigsResponse.Result> Results) : IResponse
{
    public void Write(WireWriter writer)
    {
        writer.WriteInt32(0); // throttle time
        writer.WriteArray(Results, static (w, result) =>
        {
            w.WriteError(result.Error);
            w.WriteNullableString(result.Message);
            result.Resource.Write(w);
            w.WriteTaggedFields();
        });
        writer.WriteTaggedFields();
    }

    internal readonly record struct Result(ConfigResource Resource, ErrorCode Error, string? Message);
}
