namespace Streaming.Embedded.Kafka.Protocol.Messages;

/// <summary>One configuration as it is described to clients.</summary>
/// <param name="Type">2 string, 3 int, 5 long, 7 list (KIP-226); 1 boolean.</param>
/// <param name="Default">The value that would be in force if nobody had set it; null where that is not known.</param>
internal sealed record ConfigEntry(string Name, string? Value, ConfigSource Source, bool ReadOnly, sbyte Type, string? Default);

/// <summary>Who set a configuration (KIP-226).</summary>
internal enum ConfigSource : sbyte
{
    Topic = 1,
    StaticBroker = 4,
    Default = 5,
}
