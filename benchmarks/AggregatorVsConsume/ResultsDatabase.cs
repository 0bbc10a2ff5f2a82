using Npgsql;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>A fresh database for one run, and what the run has left in it so far.</summary>
internal sealed class ResultsDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;
    private readonly NpgsqlDataSource _source;

    private ResultsDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        _source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public static async Task<ResultsDatabase> CreateAsync(string server, string name, CancellationToken cancellationToken)
    {
        var database = new ResultsDatabase(server, name);
        await database.OnServerAsync($"CREATE DATABASE {name}", cancellationToken);
        return database;
    }

    /// <summary>Records whose results are committed; 0 until the tables exist.</summary>
    public async Task<long> CommittedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ScalarAsync<long>("SELECT coalesce(sum(next_offset), 0)::bigint FROM checkpoints", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return 0;
        }
    }

    /// <summary>A benchmark of wrong results measures nothing.</summary>
    /// <exception cref="InvalidOperationException">The windows do not add up to the input.</exception>
    public async Task VerifyAsync(int events, long sum, CancellationToken cancellationToken)
    {
        long counted = await ScalarAsync<long>("SELECT sum(count)::bigint FROM window_results", cancellationToken);
        long summed = await ScalarAsync<long>("SELECT sum(sum)::bigint FROM window_results", cancellationToken);
        if (counted != events || summed != sum)
        {
            throw new InvalidOperationException($"The windows hold {counted} sales of {summed} in all; {events} of {sum} were sent.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await OnServerAsync($"DROP DATABASE {_name} WITH (FORCE)", CancellationToken.None);
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task OnServerAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
