using System.Text.Json;

namespace Streaming.Contracts;

/// <summary>The sales of one store in one closed window, as the topic <c>sales-aggregate</c> carries it.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="WindowStart">First instant of the window, UTC.</param>
/// <param name="WindowEnd">First instant after the window, UTC.</param>
/// <param name="Count">Number of sales.</param>
/// <param name="Sum">Their amounts added up, in whole units of the store's currency; exact.</param>
/// <param name="Min">The smallest amount.</param>
/// <param name="Max">The largest amount.</param>
/// <param name="Generation">The generation of the pipeline that computed it.</param>
public sealed record SalesWindow(
    string StoreId,
    DateTimeOffset WindowStart,
    DateTimeOffset WindowEnd,
    long Count,
    decimal Sum,
    long Min,
    long Max,
    int Generation)
{
    /// <summary>The mean amount: the exact sum divided by the count.</summary>
    public decimal Mean => Count == 0 ? 0 : Sum / Count;
}

/// <summary><see cref="SalesWindow"/> as JSON with names in snake_case.</summary>
public static class SalesWindowJson
{
    /// <summary>The window's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(SalesWindow window) => JsonSerializer.SerializeToUtf8Bytes(window, SalesJson.Default.SalesWindow);

    /// <summary>Reads a window. Throws <see cref="JsonException"/> when it is none.</summary>
    public static SalesWindow Decode(ReadOnlySpan<byte> value) =>
        JsonSerializer.Deserialize(value, SalesJson.Default.SalesWindow) ?? throw new JsonException("the value is null");
}
