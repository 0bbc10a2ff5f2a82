using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Groups;

/// <summary>Static membership (KIP-345, KIP-814).</summary>
public sealed class StaticMemberTests
{
    [Fact]
    public void A_static_member_that_restarts_gets_its_assignment_back_and_its_former_self_is_fenced()
    {
        var driver = StableStatic();
        var back = driver.Answer<GroupAnswer.Joined>(driver.Join(instance: "a", canSkip: true));
        Assert.Equal((ErrorCode.None, 1, "m2", true), (back.Error, back.Generation, back.MemberId, back.SkipAssignment));
        Assert.Equal(GroupState.Stable, driver.Group.State);
        Assert.Equal(ErrorCode.FencedInstanceId, driver.Heartbeat("m1", 1, "a"));
        var synced = driver.Feed(ticket => new GroupInput.Sync(ticket, "m2", "a", 1, null, null, new Dictionary<string, byte[]>()));
        Assert.Equal([7], driver.Answer<GroupAnswer.Synced>(synced).Assignment);
    }

    [Fact]
    public void A_leader_whose_client_cannot_skip_the_assignment_is_not_told_that_it_leads()
    {
        var driver = StableStatic();
        var back = driver.Answer<GroupAnswer.Joined>(driver.Join(instance: "a"));
        Assert.NotEqual(back.MemberId, back.LeaderId);
        Assert.Empty(back.Members!);
    }

    [Fact]
    public void A_static_member_is_out_when_its_session_ends()
    {
        var driver = StableStatic();
        driver.Advance(GroupDriver.Session);
        Assert.Equal(GroupState.Empty, driver.Group.State);
    }

    [Fact]
    public void A_static_member_can_be_removed_by_its_name_alone()
    {
        var driver = StableStatic();
        Assert.Equal(ErrorCode.None, driver.Leave("", "a"));
        Assert.Empty(driver.Group.Members);
    }

    private static GroupDriver StableStatic()
    {
        var driver = new GroupDriver();
        driver.Join(instance: "a");
        driver.Feed(ticket => new GroupInput.Sync(ticket, "m1", "a", 1, null, null, new Dictionary<string, byte[]> { ["m1"] = [7] }));
        return driver;
    }
}
