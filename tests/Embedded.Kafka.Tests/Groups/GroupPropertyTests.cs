using FsCheck;
using FsCheck.Fluent;
using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Groups;

/// <summary>Whatever members do in whatever order, the group keeps its promises.</summary>
public sealed class GroupPropertyTests
{
    /// <summary>0 join anew, 1 join again, 2 sync, 3 heartbeat, 4 leave, 5 time passes, 6 static member joins.</summary>
    private static readonly Gen<(int Kind, int Member, int Seconds)[]> Steps =
        Gen.Choose(0, 6).SelectMany(kind => Gen.Choose(1, 6).SelectMany(member => Gen.Choose(1, 40).Select(seconds => (kind, member, seconds)))).ArrayOf();

    [Fact]
    public void Every_request_is_answered_once_and_the_group_always_comes_to_rest() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Steps.ToArbitrary(), steps =>
        {
            var driver = new GroupDriver(TimeSpan.FromSeconds(3));
            var asked = new HashSet<long>();
            var generation = 0;
            foreach (var (kind, member, seconds) in steps)
            {
                asked.UnionWith(Apply(driver, kind, $"m{member}", seconds));
                Assert.True(driver.Group.Generation >= generation);
                generation = driver.Group.Generation;
                AssertInvariants(driver.Group);
            }

            // Nobody is heard of any more: in the end all are gone, and nobody waits for an answer.
            for (var i = 0; i < 40 && driver.Group.NextDeadline() is { } next; i++)
            {
                driver.Advance(next - driver.Now);
            }

            Assert.Null(driver.Group.NextDeadline());
            Assert.True(driver.Group.IsUnused);
            Assert.Equal(asked.Order(), driver.Answers.Keys.Order());
        }));

    [Fact]
    public void All_members_of_a_generation_are_told_the_same_leader_and_strategy() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Steps.ToArbitrary(), steps =>
        {
            var driver = new GroupDriver(TimeSpan.FromSeconds(3));
            foreach (var (kind, member, seconds) in steps.Where(s => s.Kind != 6))
            {
                Apply(driver, kind, $"m{member}", seconds);
            }

            foreach (var told in driver.Answers.Values.OfType<GroupAnswer.Joined>().Where(a => a.Error == ErrorCode.None).GroupBy(a => a.Generation))
            {
                Assert.Single(told.Select(a => a.ProtocolName).Distinct());
                Assert.Single(told.Where(a => a.Members!.Count > 0).Select(a => a.MemberId).Distinct());
            }
        }));

    private static IEnumerable<long> Apply(GroupDriver driver, int kind, string member, int seconds)
    {
        switch (kind)
        {
            case 0:
                return [driver.Join(requireKnown: seconds % 2 == 0)];
            case 1:
                return [driver.Join(member)];
            case 2:
                return [driver.Sync(member, driver.Group.Generation, (member, 1))];
            case 3:
                return [driver.Feed(t => new GroupInput.Heartbeat(t, member, null, driver.Group.Generation))];
            case 4:
                return [driver.Feed(t => new GroupInput.Leave(t, [new MemberIdentity(member, null)]))];
            case 6:
                return [driver.Join(instance: member)];
            default:
                driver.Advance(TimeSpan.FromSeconds(seconds));
                return [];
        }
    }

    private static void AssertInvariants(Group group)
    {
        Assert.Equal(group.State == GroupState.Empty, group.Members.Count == 0);
        Assert.True(group.LeaderId is null ? group.Members.Count == 0 : group.Members.Any(m => m.Id == group.LeaderId));
        Assert.True(group.State == GroupState.PreparingRebalance || group.Members.All(m => m.JoinTicket is null));
        Assert.True(group.State == GroupState.CompletingRebalance || group.Members.All(m => m.SyncTicket is null));
    }
}
