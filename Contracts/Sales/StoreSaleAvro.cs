using Streaming.Contracts.Avro;

namespace Streaming.Contracts;

/// <summary>
/// <see cref="StoreSale"/> as Avro in Confluent's wire format. Its schemas stand in the registry under the subject <see cref="Subject"/>, which is the topic's name
/// with <c>-value</c>, as Confluent's serializers name it.
/// </summary>
public static class StoreSaleAvro
{
    /// <summary>The subject of the schemas.</summary>
    public const string Subject = "sales-value";

    /// <summary>What stands in <c>channel</c> for sales that were written before there was such a field.</summary>
    public const string DefaultChannel = "store";

    /// <summary>The newest version that is known here.</summary>
    public const int NewestVersion = 2;

    // Head, two lengths, two numbers: more than they ever take.
    private const int Room = 48;

    /// <summary>The first version.</summary>
    public static AvroSchema First { get; } = AvroSchema.Parse(
        """{"type":"record","name":"StoreSale","namespace":"streaming","fields":[{"name":"store_id","type":"string"},{"name":"sale_amount","type":"int"},{"name":"sale_ts","type":"long"}]}""");

    /// <summary>The second version: a field more, with a default.</summary>
    public static AvroSchema Second { get; } = AvroSchema.Parse(
        $$"""{"type":"record","name":"StoreSale","namespace":"streaming","fields":[{"name":"store_id","type":"string"},{"name":"sale_amount","type":"int"},{"name":"sale_ts","type":"long"},{"name":"channel","type":"string","default":"{{DefaultChannel}}"}]}""");

    /// <summary>The schema of a version, from 1 to <see cref="NewestVersion"/>.</summary>
    public static AvroSchema Schema(int version) => version switch
    {
        1 => First,
        2 => Second,
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, $"not 1 to {NewestVersion}"),
    };

    /// <summary>The sale's bytes by the first version.</summary>
    /// <param name="id">The schema's id in the registry.</param>
    /// <param name="sale">The sale.</param>
    public static byte[] Encode(int id, in StoreSale sale) => Write(id, sale, null);

    /// <summary>The sale's bytes by the second version.</summary>
    /// <param name="id">The schema's id in the registry.</param>
    /// <param name="sale">The sale.</param>
    /// <param name="channel">How it was sold, such as <c>store</c> or <c>online</c>.</param>
    public static byte[] Encode(int id, in StoreSale sale, string channel) => Write(id, sale, channel);

    private static byte[] Write(int id, in StoreSale sale, string? channel)
    {
        var writer = new AvroWriter(Room + (sale.StoreId.Length * 3));
        Span<byte> head = stackalloc byte[ConfluentWire.HeadLength];
        ConfluentWire.WriteHead(head, id);
        writer.Raw(head);
        writer.Text(sale.StoreId);
        writer.Long(sale.SaleAmount);
        writer.Long(sale.SaleTs);
        if (channel is not null)
        {
            writer.Text(channel);
        }

        return writer.Written.ToArray();
    }
}
