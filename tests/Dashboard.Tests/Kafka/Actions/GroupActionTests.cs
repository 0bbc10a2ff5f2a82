namespace Streaming.Dashboard.Tests.Kafka.Actions;

[Collection(SharedDatabase.Name)]
public sealed class GroupActionTests(DatabaseServer server) : IAsyncLifetime
{
    private const string Reset = "actions/groups/reset";

    private TestBroker _broker = null!;
    private ActionApp _app = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _app = new ActionApp(_broker, await server.MigratedAsync());
        await _broker.CreateAsync("orders");
        await _broker.ProduceAsync("orders", [.. Enumerable.Range(0, 5).Select(i => ((string?)null, $"{i}"))]);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task What_would_change_is_shown_first_and_only_then_done()
    {
        _app.Commit("billing", "orders", 4);

        var shown = await _app.SendAsync("/groups/billing", Reset, ("Group", "billing"), ("To", "earliest"), ("Do", "show"));
        Assert.Contains("Group 'billing' would be moved like this. Nothing was changed yet.", shown, StringComparison.Ordinal);
        Assert.Equal(4, _app.Committed("billing", "orders"));

        var done = await _app.SendAsync("/groups/billing", Reset, ("Group", "billing"), ("To", "earliest"), ("Do", "reset"));
        Assert.Contains("Group 'billing' was moved.", done, StringComparison.Ordinal);
        Assert.Equal(0, _app.Committed("billing", "orders"));
    }

    [Theory]
    [InlineData("latest", "", 5)]
    [InlineData("time", "1h", 0)]
    [InlineData("time", "2100-01-01T00:00Z", 5)]
    public async Task A_group_goes_on_from_where_it_is_told(string to, string time, long expected)
    {
        _app.Commit("billing", "orders", 2);

        await _app.SendAsync("/groups/billing", Reset, ("Group", "billing"), ("Topic", "orders"), ("To", to), ("Time", time), ("Do", "reset"));

        Assert.Equal(expected, _app.Committed("billing", "orders"));
    }

    [Theory]
    [InlineData("billing", "", "time", "someday", "Reset group 'billing': 'someday' is no instant.")]
    [InlineData("billing", "", "sideways", "", "Reset group 'billing': say where to")]
    [InlineData("billing", "nowhere", "latest", "", "There is no topic 'nowhere'.")]
    [InlineData("unheard", "", "latest", "", "There is no group 'unheard'.")]
    public async Task What_makes_no_sense_is_told_by_name_and_cause(string group, string topic, string to, string time, string told)
    {
        _app.Commit("billing", "orders", 2);

        var page = await _app.SendAsync("/groups/billing", Reset, ("Group", group), ("Topic", topic), ("To", to), ("Time", time), ("Do", "reset"));

        Assert.Contains(told, page, StringComparison.Ordinal);
        Assert.Equal(2, _app.Committed("billing", "orders"));
    }

    [Fact]
    public async Task A_group_with_members_is_left_alone()
    {
        _app.Commit("billing", "orders", 2);
        await _app.PageAsync("/groups/billing");
        using var member = _app.Consumer("billing");
        var formBefore = await _app.Client.GetStringAsync("/groups/billing");
        member.Subscribe("orders");
        for (var i = 0; member.Assignment.Count == 0 && i < 300; i++)
        {
            member.Consume(TimeSpan.FromMilliseconds(100));
        }

        Assert.NotEmpty(member.Assignment);
        var page = await _app.SendFilledAsync(formBefore, Reset, ("Group", "billing"), ("To", "earliest"), ("Do", "reset"));

        Assert.Contains("Reset group 'billing': it has 1 members", page, StringComparison.Ordinal);
        Assert.Equal(2, _app.Committed("billing", "orders"));
        member.Close();
    }
}
