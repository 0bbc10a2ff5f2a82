using Npgsql;
using Streaming.Dashboard.Shop;
using Streaming.Dashboard.Tests.Pipelines;

namespace Streaming.Dashboard.Tests.Shop;

/// <summary>Writes what an Aggregator would of the shop: its two pipelines, and the changes themselves.</summary>
internal sealed class SeededShop(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });

    public SeededPipeline Prices { get; } = new(connectionString, ShopFeed.Prices);

    public SeededPipeline Categories { get; } = new(connectionString, ShopFeed.Categories);

    public async Task DefineAsync()
    {
        await Prices.DefineAsync(ShopSamples.Products);
        await Categories.DefineAsync(ShopSamples.Categories);
    }

    public async Task EventAsync(long offset, DateTimeOffset at, string product, byte[]? body, bool late = false, int partition = 0, int generation = 1)
    {
        await using var insert = _database.CreateCommand("""
            INSERT INTO events (pipeline, generation, topic_id, partition, "offset", event_time, group_key, is_late, "values", body, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '{1,2,3}', $9, 1)
            """);
        foreach (var value in new object[] { ShopFeed.Prices, generation, Samples.Topic, partition, offset, at.UtcDateTime, product, late, (object?)body ?? DBNull.Value })
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await insert.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Prices.DisposeAsync();
        await Categories.DisposeAsync();
        await _database.DisposeAsync();
    }
}
