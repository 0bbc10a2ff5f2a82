using Streaming.Contracts;

namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>How sales become bytes. Pure.</summary>
public abstract class SaleForm
{
    private static readonly MalformedSale[] OfAvroOnly = [MalformedSale.TruncatedAvro, MalformedSale.UnknownSchema];

    /// <summary>As JSON, which says itself what it holds.</summary>
    public static SaleForm Json { get; } = new JsonForm();

    /// <summary>The ways in which records of this form are malformed.</summary>
    public abstract IReadOnlyList<MalformedSale> Malformed { get; }

    /// <summary>As Avro with a schema of the registry.</summary>
    /// <param name="id">The schema's id.</param>
    /// <param name="version">Which of the schemas of <see cref="StoreSaleAvro"/> it is.</param>
    public static SaleForm Avro(int id, int version) => new AvroForm(id, version);

    /// <summary>The sale's bytes.</summary>
    public abstract byte[] Encode(in StoreSale sale);

    private sealed class JsonForm : SaleForm
    {
        public override IReadOnlyList<MalformedSale> Malformed { get; } = [.. MalformedSales.All.Except(OfAvroOnly)];

        public override byte[] Encode(in StoreSale sale) => StoreSaleJson.Encode(sale);
    }

    private sealed class AvroForm(int id, int version) : SaleForm
    {
        /// <summary>One in so many is sold over the wire.</summary>
        private const int OnlineEvery = 7;

        public override IReadOnlyList<MalformedSale> Malformed => MalformedSales.All;

        public override byte[] Encode(in StoreSale sale) =>
            version == 1 ? StoreSaleAvro.Encode(id, sale) : StoreSaleAvro.Encode(id, sale, sale.SaleTs % OnlineEvery == 0 ? "online" : StoreSaleAvro.DefaultChannel);
    }
}
