using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Groups;

public sealed class GroupStateTests
{
    [Fact]
    public void The_only_member_leads_the_first_generation_and_gets_what_it_assigns()
    {
        var driver = new GroupDriver();
        var joined = driver.Answer<GroupAnswer.Joined>(driver.Join());
        Assert.Equal((ErrorCode.None, 1, "m1", "m1"), (joined.Error, joined.Generation, joined.MemberId, joined.LeaderId));
        Assert.Single(joined.Members!);

        var synced = driver.Answer<GroupAnswer.Synced>(driver.Sync("m1", 1, ("m1", 42)));
        Assert.Equal([42], synced.Assignment);
        Assert.Equal(GroupState.Stable, driver.Group.State);
    }

    [Fact]
    public void A_client_that_can_is_sent_back_with_a_member_id_first()
    {
        var driver = new GroupDriver();
        var told = driver.Answer<GroupAnswer.Joined>(driver.Join(requireKnown: true));
        Assert.Equal((ErrorCode.MemberIdRequired, "m1"), (told.Error, told.MemberId));
        Assert.Equal(GroupState.Empty, driver.Group.State);
        Assert.Equal(ErrorCode.None, driver.Answer<GroupAnswer.Joined>(driver.Join("m1", requireKnown: true)).Error);
    }

    [Fact]
    public void A_promised_member_id_lapses_with_the_session_timeout()
    {
        var driver = new GroupDriver();
        driver.Join(requireKnown: true);
        driver.Advance(GroupDriver.Session);
        Assert.True(driver.Group.IsUnused);
        Assert.Equal(ErrorCode.UnknownMemberId, driver.Answer<GroupAnswer.Joined>(driver.Join("m1")).Error);
    }

    //   0        1        2        3        4
    //   join m1  join m2           ─── delay from m2's join ends: one generation for both
    [Fact]
    public void An_empty_group_waits_for_further_members()
    {
        var driver = new GroupDriver(TimeSpan.FromSeconds(3));
        var first = driver.Join();
        driver.Advance(TimeSpan.FromSeconds(1));
        var second = driver.Join();
        driver.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(driver.Answers);
        driver.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, driver.Answer<GroupAnswer.Joined>(first).Generation);
        Assert.Equal(2, driver.Answer<GroupAnswer.Joined>(first).Members!.Count);
        Assert.Empty(driver.Answer<GroupAnswer.Joined>(second).Members!);
    }

    [Fact]
    public void A_follower_waits_for_the_leaders_assignment()
    {
        var driver = new GroupDriver(TimeSpan.FromSeconds(3));
        driver.Join();
        driver.Join();
        driver.Advance(TimeSpan.FromSeconds(3));
        var follower = driver.Sync("m2", 1);
        Assert.False(driver.Answers.ContainsKey(follower));
        driver.Sync("m1", 1, ("m1", 11), ("m2", 12));
        Assert.Equal([12], driver.Answer<GroupAnswer.Synced>(follower).Assignment);
    }

    [Fact]
    public void A_newcomer_starts_a_rebalance_that_the_others_learn_of_by_heartbeat()
    {
        var driver = GroupDriver.StableWithTwo();
        var newcomer = driver.Join();
        Assert.Equal(ErrorCode.RebalanceInProgress, driver.Heartbeat("m1", 1));
        driver.Join("m1");
        Assert.False(driver.Answers.ContainsKey(newcomer));
        driver.Join("m2");
        Assert.Equal(2, driver.Answer<GroupAnswer.Joined>(newcomer).Generation);
        Assert.Equal(ErrorCode.IllegalGeneration, driver.Heartbeat("m1", 1));
    }

    [Fact]
    public void Who_does_not_join_within_the_rebalance_timeout_is_out()
    {
        var driver = GroupDriver.StableWithTwo();
        var newcomer = driver.Join();
        driver.Join("m1");
        for (var seconds = 0; seconds < 60; seconds += 5)
        {
            driver.Heartbeat("m2", 1); // lives, but does not join
            driver.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(ErrorCode.None, driver.Answer<GroupAnswer.Joined>(newcomer).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, driver.Heartbeat("m2", 1));
        Assert.Equal(2, driver.Group.Members.Count);
    }

    [Fact]
    public void A_silent_member_is_out_after_its_session_timeout_and_the_others_rebalance()
    {
        var driver = GroupDriver.StableWithTwo();
        driver.Advance(TimeSpan.FromSeconds(6));
        driver.Heartbeat("m2", 1);
        driver.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(ErrorCode.UnknownMemberId, driver.Heartbeat("m1", 1));
        Assert.Equal(ErrorCode.RebalanceInProgress, driver.Heartbeat("m2", 1));
        var joined = driver.Answer<GroupAnswer.Joined>(driver.Join("m2"));
        Assert.Equal((2, "m2"), (joined.Generation, joined.LeaderId));
    }

    [Fact]
    public void A_member_that_leaves_starts_a_rebalance_at_once_and_the_last_one_empties_the_group()
    {
        var driver = GroupDriver.StableWithTwo();
        Assert.Equal(ErrorCode.None, driver.Leave("m1"));
        Assert.Equal(GroupState.PreparingRebalance, driver.Group.State);
        Assert.Equal(ErrorCode.None, driver.Leave("m2"));
        Assert.Equal(GroupState.Empty, driver.Group.State);
        Assert.Null(driver.Group.NextDeadline());
        Assert.Equal(ErrorCode.UnknownMemberId, driver.Leave("m2"));
    }

    [Fact]
    public void A_leader_that_never_assigns_is_out_and_the_waiting_follower_is_told_to_join_again()
    {
        var driver = new GroupDriver(TimeSpan.FromSeconds(3));
        driver.Join();
        driver.Join();
        driver.Advance(TimeSpan.FromSeconds(3));
        var waiting = driver.Sync("m2", 1);
        driver.Advance(GroupDriver.Session);
        Assert.Equal(ErrorCode.RebalanceInProgress, driver.Answer<GroupAnswer.Synced>(waiting).Error);
        Assert.Equal("m2", driver.Answer<GroupAnswer.Joined>(driver.Join("m2")).LeaderId);
    }

    [Fact]
    public void The_strategy_is_one_that_all_members_speak_and_most_prefer()
    {
        var driver = new GroupDriver(TimeSpan.FromSeconds(3));
        var first = driver.Join(protocols: "sticky,range");
        driver.Join(protocols: "range,roundrobin");
        driver.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("range", driver.Answer<GroupAnswer.Joined>(first).ProtocolName);
    }

    [Theory]
    [InlineData("roundrobin", "consumer")]
    [InlineData("range", "connect")]
    public void A_member_that_shares_no_strategy_or_is_of_another_kind_is_refused(string protocols, string type)
    {
        var driver = GroupDriver.StableWithTwo();
        var refused = driver.Answer<GroupAnswer.Joined>(driver.Join(protocols: protocols, type: type));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, refused.Error);
        Assert.Equal(GroupState.Stable, driver.Group.State);
    }

    [Fact]
    public void A_group_has_a_largest_size()
    {
        var driver = new GroupDriver();
        for (var i = 0; i < 10; i++)
        {
            driver.Join(requireKnown: true);
        }

        Assert.Equal(ErrorCode.GroupMaxSizeReached, driver.Answer<GroupAnswer.Joined>(driver.Join(requireKnown: true)).Error);
    }

    [Fact]
    public void A_follower_that_joins_again_unchanged_disturbs_nobody_and_the_leader_starts_a_rebalance()
    {
        var driver = GroupDriver.StableWithTwo();
        Assert.Equal(1, driver.Answer<GroupAnswer.Joined>(driver.Join("m2")).Generation);
        Assert.Equal(GroupState.Stable, driver.Group.State);
        driver.Join("m1");
        Assert.Equal(GroupState.PreparingRebalance, driver.Group.State);
    }

    [Fact]
    public void A_join_that_is_repeated_releases_the_first_one()
    {
        var driver = GroupDriver.StableWithTwo();
        var first = driver.Join("m1");
        var again = driver.Join("m1");
        Assert.Equal(ErrorCode.RebalanceInProgress, driver.Answer<GroupAnswer.Joined>(first).Error);
        driver.Join("m2");
        Assert.Equal(2, driver.Answer<GroupAnswer.Joined>(again).Generation);
    }
}
