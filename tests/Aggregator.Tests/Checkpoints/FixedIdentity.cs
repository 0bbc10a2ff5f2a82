using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.Tests.Checkpoints;

/// <summary>A broker whose topics keep one id.</summary>
internal sealed class FixedIdentity(Guid id) : ITopicIdentity
{
    public Task<Guid?> FindAsync(string topic, CancellationToken cancellationToken) => Task.FromResult<Guid?>(id);
}
