using System.Text;
using Microsoft.Extensions.Options;
using Streaming.Contracts;

namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>Sales of stores, and the stores themselves.</summary>
public sealed class StoreSalesScenario(IOptions<ProducerOptions> options, SaleFormFinder forms) : IUnpacedScenario, IPreparedScenario
{
    private StoreSalesGenerator? _generator;

    /// <inheritdoc/>
    public string Name => Contracts.Scenarios.Sales;

    /// <inheritdoc/>
    public string Title => "store sales";

    /// <inheritdoc/>
    public IReadOnlyList<TopicDeclaration> Topics => [Contracts.Topics.Sales, Contracts.Topics.Stores];

    /// <inheritdoc/>
    public TimeSpan History => TimeSpan.FromMinutes(options.Value.BackfillMinutes);

    /// <inheritdoc/>
    public bool IsUnpaced => options.Value.EventsPerSecond == 0;

    private StoreSalesGenerator Generator => _generator ?? throw new InvalidOperationException("the scenario is not prepared yet");

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken) =>
        _generator = new StoreSalesGenerator(options.Value, StoreCatalogue.Stores, await forms.FindAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public IEnumerable<OutgoingRecord> References() => StoreCatalogue.Stores.Select(profile => new OutgoingRecord(
        DateTimeOffset.UnixEpoch, Contracts.Topics.Stores.Name, Encoding.UTF8.GetBytes(profile.Store.StoreId), StoreJson.Encode(profile.Store)));

    /// <inheritdoc/>
    public IEnumerable<OutgoingRecord> From(DateTimeOffset start) => Generator.From(start).Select(Outgoing);

    /// <inheritdoc/>
    public OutgoingRecord At(DateTimeOffset now) => Outgoing(Generator.At(now));

    private static OutgoingRecord Outgoing(SimulatedSale sale) => new(sale.SentAt, Contracts.Topics.Sales.Name, sale.Key, sale.Value);
}
