using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;

namespace Streaming.Embedded.Kafka.Tests.Groups;

/// <summary>Feeds a group with inputs at virtual times and keeps the answers by ticket.</summary>
internal sealed class GroupDriver
{
    public static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);

    private readonly Dictionary<long, GroupAnswer> _answers = [];
    private long _lastTicket;
    private int _lastMember;

    public GroupDriver(TimeSpan initialDelay = default) =>
        Group = new Group("g", new GroupSettings(initialDelay, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromDays(7), MaxMembers: 10));

    public Group Group { get; }

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    public IReadOnlyDictionary<long, GroupAnswer> Answers => _answers;

    public T Answer<T>(long ticket)
        where T : GroupAnswer => (T)_answers[ticket];

    public long Join(
        string memberId = "", string? instance = null, bool requireKnown = false, string protocols = "range", string type = "consumer", bool canSkip = false) =>
        Feed(ticket => new GroupInput.Join(
            ticket, memberId, instance, "client", "/127.0.0.1", Session, Rebalance, type,
            [.. protocols.Split(',').Select(p => new MemberProtocol(p, [1]))], $"m{++_lastMember}", requireKnown, canSkip));

    public long Sync(string memberId, int generation, params (string Member, byte Assignment)[] assignments) =>
        Feed(ticket => new GroupInput.Sync(
            ticket, memberId, null, generation, null, null, assignments.ToDictionary(a => a.Member, a => new[] { a.Assignment })));

    public ErrorCode Heartbeat(string memberId, int generation, string? instance = null) =>
        Answer<GroupAnswer.Beaten>(Feed(ticket => new GroupInput.Heartbeat(ticket, memberId, instance, generation))).Error;

    public ErrorCode Leave(string memberId, string? instance = null) =>
        Answer<GroupAnswer.Left>(Feed(ticket => new GroupInput.Leave(ticket, [new MemberIdentity(memberId, instance)]))).Members.Single().Error;

    public void Advance(TimeSpan by)
    {
        Now += by;
        Feed(_ => new GroupInput.Tick());
    }

    public long Feed(Func<long, GroupInput> input)
    {
        var ticket = ++_lastTicket;
        foreach (var answer in Group.Handle(input(ticket), Now))
        {
            _answers.Add(answer.Ticket, answer);
        }

        return ticket;
    }

    /// <summary>A group of two that is stable: m1 leads.</summary>
    public static GroupDriver StableWithTwo()
    {
        var driver = new GroupDriver(TimeSpan.FromSeconds(3));
        driver.Join();
        driver.Join();
        driver.Advance(TimeSpan.FromSeconds(3));
        driver.Sync("m2", 1);
        driver.Sync("m1", 1, ("m1", 11), ("m2", 12));
        return driver;
    }
}
