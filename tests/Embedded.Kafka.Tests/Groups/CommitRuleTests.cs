using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Groups;

public sealed class CommitRuleTests
{
    [Fact]
    public void A_member_commits_in_its_generation_only()
    {
        var driver = GroupDriver.StableWithTwo();
        Assert.Equal(ErrorCode.None, Check(driver, "m1", 1));
        Assert.Equal(ErrorCode.IllegalGeneration, Check(driver, "m1", 0));
        Assert.Equal(ErrorCode.UnknownMemberId, Check(driver, "zombie", 1));
    }

    [Fact]
    public void An_outsider_commits_only_while_nobody_is_in_the_group()
    {
        Assert.Equal(ErrorCode.None, Check(new GroupDriver(), "", -1));
        Assert.Equal(ErrorCode.UnknownMemberId, Check(GroupDriver.StableWithTwo(), "", -1));
    }

    [Fact]
    public void During_a_rebalance_the_former_generation_still_commits_until_the_new_one_begins()
    {
        var driver = GroupDriver.StableWithTwo();
        driver.Join();
        Assert.Equal(ErrorCode.None, Check(driver, "m1", 1));
        driver.Join("m1");
        driver.Join("m2");
        Assert.Equal(ErrorCode.IllegalGeneration, Check(driver, "m1", 1));
        Assert.Equal(ErrorCode.RebalanceInProgress, Check(driver, "m1", 2));
    }

    private static ErrorCode Check(GroupDriver driver, string member, int generation) =>
        driver.Group.CheckCommit(new MemberIdentity(member, null), generation, driver.Now);
}
