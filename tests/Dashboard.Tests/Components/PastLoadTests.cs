using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Streaming.Dashboard.Components;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Tests.Components;

public sealed class PastLoadTests : IDisposable
{
    private readonly Dictionary<int, TaskCompletionSource<string>> _answers = [];
    private readonly List<int> _failed = [];
    private readonly PastLoad<int, string> _load;

    public PastLoadTests() => _load = new PastLoad<int, string>(
        (wanted, stop) => (_answers[wanted] = new TaskCompletionSource<string>()).Task.WaitAsync(stop), (_, wanted) => _failed.Add(wanted));

    public void Dispose() => _load.Dispose();

    [Fact]
    public async Task What_is_wanted_is_read_once()
    {
        var first = _load.WantAsync(1);
        Assert.Same(Task.CompletedTask, _load.WantAsync(1));
        Assert.True(_load.IsLoading);
        _answers[1].SetResult("one");
        await first;

        Assert.Equal(("one", false, null), (_load.Value, _load.IsLoading, _load.Problem));
    }

    [Fact]
    public async Task What_is_no_longer_wanted_never_replaces_what_is()
    {
        var slow = _load.WantAsync(1);
        var fast = _load.WantAsync(2);
        _answers[2].SetResult("two");
        await fast;
        _answers[1].SetResult("one");
        await slow;

        Assert.Equal(("two", false), (_load.Value, _load.IsLoading));
    }

    [Fact]
    public async Task The_old_answer_stays_until_the_new_one_is_there()
    {
        var first = _load.WantAsync(1);
        _answers[1].SetResult("one");
        await first;
        var second = _load.WantAsync(2);

        Assert.Equal(("one", true), (_load.Value, _load.IsLoading));
        _answers[2].SetResult("two");
        await second;
        Assert.Equal("two", _load.Value);
    }

    [Theory]
    [InlineData(true, "The database did not answer")]
    [InlineData(false, "too many figures")]
    public async Task A_failure_is_told_and_can_be_tried_again(bool database, string words)
    {
        var first = _load.WantAsync(1);
        _answers[1].SetException(database ? new NpgsqlException("gone") : new RangeTooLargeException());
        await first;
        Assert.Contains(words, _load.Problem, StringComparison.Ordinal);
        Assert.Equal([1], _failed);
        Assert.Null(_load.Value);

        var again = _load.AgainAsync();
        _answers[1].SetResult("one");
        await again;
        Assert.Equal(("one", null), (_load.Value, _load.Problem));
    }

    [Fact]
    public async Task Without_a_database_the_answer_of_the_application_is_a_problem_at_once()
    {
        await using var plain = new WebApplicationFactory<Program>();
        await using var application = plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", "Host=127.0.0.1;Port=1;Username=u;Password=secret"));
        var past = application.Services.GetRequiredService<PastSales>();
        using var load = new PastLoad<int, SalesPeriod>((_, stop) => past.ReadAsync(Samples.Noon, Samples.Minute(5), stop), (_, wanted) => _failed.Add(wanted));

        // Repeated questions would take a minute.
        await load.WantAsync(7).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains("The database did not answer", load.Problem, StringComparison.Ordinal);
        Assert.Equal([7], _failed);
    }

    [Fact]
    public async Task Back_at_the_live_view_nothing_past_is_left()
    {
        var first = _load.WantAsync(1);
        _load.Forget();
        await first;
        Assert.Equal((null, false), (_load.Value, _load.IsLoading));

        var again = _load.WantAsync(1);
        _answers[1].SetResult("one");
        await again;
        Assert.Equal("one", _load.Value);
    }
}
