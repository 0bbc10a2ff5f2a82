namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>In which way a simulated record is special.</summary>
public enum SaleKind
{
    /// <summary>Its event time is the moment at which it is sent.</summary>
    InOrder,

    /// <summary>It is sent after newer ones, within what the pipeline allows for.</summary>
    OutOfOrder,

    /// <summary>It is sent when its window has closed.</summary>
    Late,

    /// <summary>It is no sale: see <see cref="MalformedSale"/>.</summary>
    Malformed,
}

/// <summary>A record to send.</summary>
/// <param name="Kind">In which way it is special.</param>
/// <param name="SentAt">When it is to be sent, UTC.</param>
/// <param name="Key">The store id as UTF-8.</param>
/// <param name="Value">The sale's bytes, or what stands in their place.</param>
public readonly record struct SimulatedSale(SaleKind Kind, DateTimeOffset SentAt, byte[] Key, byte[] Value);
