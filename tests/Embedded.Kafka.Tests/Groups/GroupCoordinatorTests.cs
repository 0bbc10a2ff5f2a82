using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Groups;

public sealed class GroupCoordinatorTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly GroupCoordinator _groups;

    public GroupCoordinatorTests()
    {
        var settings = new GroupSettings(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7));
        _groups = new GroupCoordinator(
            settings, new OffsetStore(_folder.File("group-offsets"), fsync: false), _time, NullLogger<GroupCoordinator>.Instance);
    }

    public void Dispose()
    {
        _groups.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_join_is_answered_when_the_delay_has_passed()
    {
        var joining = JoinAsync(CancellationToken.None);
        Assert.False(joining.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(ErrorCode.None, (await joining).Error);
    }

    [Fact]
    public async Task A_group_whose_only_member_falls_silent_is_forgotten()
    {
        var joining = JoinAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(3));
        await joining;
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(_groups.View(static g => g.Id));
    }

    [Fact]
    public async Task A_request_that_is_given_up_leaves_nothing_behind()
    {
        using var gone = new CancellationTokenSource();
        var joining = JoinAsync(gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(_groups.View(static g => g.Id));
    }

    [Fact]
    public void Offsets_of_a_group_without_members_go_after_the_retention_time_and_not_before()
    {
        Commit();
        _time.Advance(TimeSpan.FromDays(6));
        Commit();
        _time.Advance(TimeSpan.FromDays(6));
        Assert.Single(_groups.Offsets("g"));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Empty(_groups.Offsets("g"));
    }

    [Fact]
    public void A_commit_of_a_generation_nobody_knows_is_refused()
    {
        var error = _groups.Commit("g", new MemberIdentity("zombie", null), 5, []);
        Assert.Equal(ErrorCode.IllegalGeneration, error);
    }

    private void Commit() => Assert.Equal(ErrorCode.None, _groups.Commit(
        "g", new MemberIdentity("", null), -1, [new(new TopicPartition("t", 0), new CommittedOffset(1, 0, null))]));

    private Task<GroupAnswer.Joined> JoinAsync(CancellationToken cancellationToken) => _groups.AskAsync<GroupAnswer.Joined>(
        "g",
        ticket => new GroupInput.Join(
            ticket, "", null, "client", "/127.0.0.1", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), "consumer",
            [new MemberProtocol("range", [1])], "m1", RequiresKnownMember: false, CanSkipAssignment: false),
        cancellationToken);
}
