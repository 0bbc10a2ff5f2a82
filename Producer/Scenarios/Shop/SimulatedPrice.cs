using Streaming.Contracts.Shop;

namespace Streaming.Producer.Scenarios.Shop;

/// <summary>In which way a simulated record is special.</summary>
public enum PriceKind
{
    /// <summary>It is sent at the moment of the change.</summary>
    InOrder,

    /// <summary>It is sent after newer ones, within what the pipelines allow for.</summary>
    OutOfOrder,

    /// <summary>It is sent when its minute has closed.</summary>
    Late,

    /// <summary>See <see cref="BrokenPrice"/>.</summary>
    Broken,
}

/// <summary>A record to send.</summary>
/// <param name="Kind">In which way it is special.</param>
/// <param name="SentAt">When it is to be sent, UTC.</param>
/// <param name="Change">What changed; of a broken one, what would have.</param>
/// <param name="Value">The change as JSON, or what stands in its place.</param>
public readonly record struct SimulatedPrice(PriceKind Kind, DateTimeOffset SentAt, PriceChange Change, byte[] Value);
