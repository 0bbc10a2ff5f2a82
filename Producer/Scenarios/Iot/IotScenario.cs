using Microsoft.Extensions.Options;
using Streaming.Contracts;

namespace Streaming.Producer.Scenarios.Iot;

/// <summary>Devices that send what they measure.</summary>
public sealed class IotScenario(IOptions<IotOptions> options) : IScenario
{
    /// <inheritdoc/>
    public string Name => Contracts.Scenarios.Iot;

    /// <inheritdoc/>
    public string Title => "heartbeats of devices";

    /// <inheritdoc/>
    public IReadOnlyList<TopicDeclaration> Topics => [Contracts.Topics.DeviceEvents];

    /// <inheritdoc/>
    public TimeSpan History => options.Value.History;

    /// <inheritdoc/>
    public IEnumerable<OutgoingRecord> References() => [];

    /// <inheritdoc/>
    public IEnumerable<OutgoingRecord> From(DateTimeOffset start) => new HeartbeatGenerator(options.Value).From(start);
}
