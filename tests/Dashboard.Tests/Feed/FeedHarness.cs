using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Tests.Feed;

/// <summary>A running feed on a database, with a count of its questions.</summary>
internal sealed class FeedHarness : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly CountingReader _reader;
    private readonly WindowFeed _feed;

    private FeedHarness(string connectionString, TimeSpan pollInterval)
    {
        var options = Options.Create(new DashboardOptions { PollInterval = pollInterval, MinReadInterval = TimeSpan.Zero });
        _database = NpgsqlDataSource.Create(connectionString);
        _reader = new CountingReader(_database, options);
        _feed = new WindowFeed(_database, _reader, Hub, options, TimeProvider.System, NullLogger<WindowFeed>.Instance);
    }

    public FeedHub Hub { get; } = new();

    public int Questions => _reader.Count;

    public static async Task<FeedHarness> StartAsync(string connectionString, TimeSpan? pollInterval = null)
    {
        var harness = new FeedHarness(connectionString, pollInterval ?? TimeSpan.FromMinutes(5));
        await harness._feed.StartAsync(CancellationToken.None);
        return harness;
    }

    /// <summary>Waits for a snapshot that meets the condition; fails after half a minute.</summary>
    public async Task<FeedSnapshot> UntilAsync(Func<FeedSnapshot, bool> condition)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var subscription = Hub.Subscribe();
        while (true)
        {
            var snapshot = await subscription.NextAsync(bound.Token);
            if (condition(snapshot))
            {
                return snapshot;
            }
        }
    }

    public Task<FeedSnapshot> LiveAsync() => UntilAsync(s => s.Health.Condition == FeedCondition.Live);

    public async ValueTask DisposeAsync()
    {
        await _feed.StopAsync(CancellationToken.None);
        _feed.Dispose();
        await _database.DisposeAsync();
    }

    private sealed class CountingReader(NpgsqlDataSource database, IOptions<DashboardOptions> options) : FeedReader(database, options)
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override Task<FeedChanges> ReadAsync(FeedCursor cursor, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            return base.ReadAsync(cursor, cancellationToken);
        }
    }
}
