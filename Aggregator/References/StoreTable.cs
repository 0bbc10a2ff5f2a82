using Npgsql;
using NpgsqlTypes;
using Streaming.Contracts;

namespace Streaming.Aggregator.References;

/// <summary>Writes what the topic says of the stores into the table <c>stores</c>, for readers.</summary>
internal sealed class StoreTable(NpgsqlDataSource database)
{
    // Unchanged rows are left alone: every instance projects the same topic.
    private const string Upsert = """
        INSERT INTO stores AS s (store_id, name, city, country, latitude, longitude, currency, updated_at)
        SELECT *, now() FROM unnest($1, $2, $3, $4, $5, $6, $7) AS n (store_id, name, city, country, latitude, longitude, currency) ORDER BY store_id
        ON CONFLICT (store_id) DO UPDATE SET name = excluded.name, city = excluded.city, country = excluded.country, latitude = excluded.latitude,
            longitude = excluded.longitude, currency = excluded.currency, updated_at = excluded.updated_at
        WHERE (s.name, s.city, s.country, s.latitude, s.longitude, s.currency)
            IS DISTINCT FROM (excluded.name, excluded.city, excluded.country, excluded.latitude, excluded.longitude, excluded.currency)
        """;

    private const string Delete = "DELETE FROM stores WHERE store_id = ANY($1)";

    /// <summary>Writes and removes stores; an id is in one of the two at most.</summary>
    public async Task WriteAsync(IReadOnlyCollection<Store> stores, IReadOnlyCollection<string> removed, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (stores.Count > 0)
        {
            await using var upsert = new NpgsqlCommand(Upsert, connection);
            AddText(upsert, stores.Select(s => s.StoreId));
            AddText(upsert, stores.Select(s => s.Name));
            AddText(upsert, stores.Select(s => s.City));
            AddText(upsert, stores.Select(s => s.Country));
            upsert.Parameters.Add(new() { Value = stores.Select(s => s.Latitude).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double });
            upsert.Parameters.Add(new() { Value = stores.Select(s => s.Longitude).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double });
            AddText(upsert, stores.Select(s => s.Currency));
            await upsert.ExecuteNonQueryAsync(cancellationToken);
        }

        if (removed.Count > 0)
        {
            await using var delete = new NpgsqlCommand(Delete, connection);
            AddText(delete, removed);
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static void AddText(NpgsqlCommand command, IEnumerable<string> values) =>
        command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
}
