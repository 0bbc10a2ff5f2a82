using Microsoft.Extensions.Options;
using Npgsql;

namespace Streaming.Dashboard.Feed;

/// <summary>Asks the database what is new, for all browsers at once: one round trip, one consistent moment.</summary>
public class FeedReader(NpgsqlDataSource database, IOptions<DashboardOptions> options)
{
    /// <summary>Everything beyond <paramref name="cursor"/>. A <see cref="PostgresException"/> of class 42 means that the tables are not there yet.</summary>
    public virtual async Task<FeedChanges> ReadAsync(FeedCursor cursor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Repeatable read: the checkpoints and the windows are of the same moment, so a figure never says "as of" a checkpoint it lacks.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, FeedQueries.Pipeline, options.Value.Pipeline);
        Add(batch, FeedQueries.Checkpoints, options.Value.Pipeline);
        Add(batch, FeedQueries.Windows, options.Value.Pipeline, options.Value.Horizon, cursor.Generation ?? -1,
            cursor.Versions.Keys.Select(id => id.TopicId).ToArray(), cursor.Versions.Keys.Select(id => id.Partition).ToArray(), cursor.Versions.Values.ToArray());
        Add(batch, FeedQueries.Stores, cursor.StoresSeen.UtcDateTime);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var databaseTime = reader.GetFieldValue<DateTimeOffset>(0);
        int? generation = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetInt32(1);
        var partitions = await NextAsync(reader, ReadPartition, cancellationToken);
        var windows = await NextAsync(reader, ReadWindow, cancellationToken);
        var stores = await NextAsync(reader, ReadStore, cancellationToken);
        var seen = stores.Select(s => s.UpdatedAt).Append(cursor.StoresSeen).Max();
        return new FeedChanges(databaseTime, generation, partitions, windows, [.. stores.Select(s => s.Store)], seen);
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        batch.BatchCommands.Add(command);
    }

    private static async Task<List<T>> NextAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static PartitionProgress ReadPartition(NpgsqlDataReader row) => new(
        new PartitionId(row.GetGuid(0), row.GetInt32(1)),
        Topic: row.GetString(2),
        Version: row.GetInt64(3),
        NextOffset: row.GetInt64(4),
        EndOffset: row.IsDBNull(5) ? null : row.GetInt64(5),
        Watermark: row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        Events: row.GetInt64(7),
        Late: row.GetInt64(8),
        Rejected: row.GetInt64(9),
        UpdatedAt: row.GetFieldValue<DateTimeOffset>(10),
        TraceParent: row.IsDBNull(11) ? null : row.GetString(11));

    private static SalesWindow ReadWindow(NpgsqlDataReader row) => new(
        new PartitionId(row.GetGuid(0), row.GetInt32(1)),
        Start: row.GetFieldValue<DateTimeOffset>(2),
        End: row.GetFieldValue<DateTimeOffset>(3),
        StoreId: row.GetString(4),
        Count: row.GetInt64(5),
        Sum: row.GetDecimal(6),
        Min: row.GetInt64(7),
        Max: row.GetInt64(8),
        Late: row.GetInt64(9),
        IsFinal: row.GetBoolean(10),
        Version: row.GetInt64(11));

    private static (StoreInfo Store, DateTimeOffset UpdatedAt) ReadStore(NpgsqlDataReader row) =>
        (
        new StoreInfo(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)) { Country = row.GetString(5), Place = GeoPlace.Of(row.GetDouble(6), row.GetDouble(7)) },
        row.GetFieldValue<DateTimeOffset>(4));
}
