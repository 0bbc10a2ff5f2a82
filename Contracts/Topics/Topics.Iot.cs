namespace Streaming.Contracts;

// The devices' topics.
public static partial class Topics
{
    /// <summary>
    /// Heartbeats of devices, keyed by device id: <see cref="Iot.Heartbeat"/> as JSON. Thousands of devices send one every few seconds, so a day of it is kept.
    /// </summary>
    public static readonly TopicDeclaration DeviceEvents = new("device-events", 4, TimeSpan.FromDays(1)) { MaxMessageBytes = LargestInput };

    /// <summary>Heartbeats that came after the windows of their device had closed, with their bytes and the headers of <see cref="HeaderNames"/>.</summary>
    public static readonly TopicDeclaration DeviceEventsLate = new("device-events-late", 1, TimeSpan.FromDays(7)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Records that are no heartbeat of a device, with their bytes, their origin and the error.</summary>
    public static readonly TopicDeclaration DeviceEventsDeadLetter = new("device-events-dead-letter", 1, TimeSpan.FromDays(7)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>The topics of this file, in the order in which they are created.</summary>
    public static IReadOnlyList<TopicDeclaration> IotTopics { get; } = [DeviceEvents, DeviceEventsLate, DeviceEventsDeadLetter];
}
