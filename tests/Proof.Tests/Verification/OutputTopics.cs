using Confluent.Kafka;
using Streaming.Tests.Oracle;

namespace Streaming.Proof.Tests.Verification;

/// <summary>Everything that is committed in the output topics.</summary>
internal sealed record OutputTopics(
    IReadOnlyList<ConsumeResult<byte[], byte[]>> Results,
    IReadOnlyList<ConsumeResult<byte[], byte[]>> Late,
    IReadOnlyList<ConsumeResult<byte[], byte[]>> Rejected,
    IReadOnlyList<ConsumeResult<byte[], byte[]>> Alerts)
{
    public static OutputTopics Read(string bootstrapServers) => new(
        TopicReader.ReadAll(bootstrapServers, "sales-aggregate"),
        TopicReader.ReadAll(bootstrapServers, "sales-late"),
        TopicReader.ReadAll(bootstrapServers, "sales-dead-letter"),
        TopicReader.ReadAll(bootstrapServers, "alerts"));
}
