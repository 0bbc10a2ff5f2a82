namespace Streaming.Embedded.Kafka.Groups;

/// <summary>One member, as its group knows it.</summary>
internal sealed class GroupMember(string id, GroupInput.Join join)
{
    public string Id { get; private set; } = id;

    public string? InstanceId { get; } = join.InstanceId;

    public string ClientId { get; private set; } = join.ClientId;

    public string ClientHost { get; private set; } = join.ClientHost;

    public TimeSpan SessionTimeout { get; private set; } = join.SessionTimeout;

    public TimeSpan RebalanceTimeout { get; private set; } = join.RebalanceTimeout;

    /// <summary>The preferred first.</summary>
    public IReadOnlyList<MemberProtocol> Protocols { get; private set; } = join.Protocols;

    public byte[] Assignment { get; set; } = [];

    /// <summary>The join that waits for the rebalance; null: none does.</summary>
    public long? JoinTicket { get; set; }

    /// <summary>The sync that waits for the leader's assignment; null: none does.</summary>
    public long? SyncTicket { get; set; }

    /// <summary>The member has asked for its assignment in this generation.</summary>
    public bool HasSynced { get; set; }

    /// <summary>Has not been in any generation yet.</summary>
    public bool IsNew { get; set; } = true;

    /// <summary>If the member is not heard of until then, it is out.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>While the group makes it wait, a member need not be heard of, except a newcomer.</summary>
    public bool IsExpired(DateTimeOffset now) => now >= Deadline && (IsNew || (JoinTicket is null && SyncTicket is null));

    public void Refresh(DateTimeOffset now) =>
        Deadline = now + (IsNew && JoinTicket is not null && SessionTimeout < GroupSettings.NewMemberTimeout ? GroupSettings.NewMemberTimeout : SessionTimeout);

    public void Update(GroupInput.Join join)
    {
        ClientId = join.ClientId;
        ClientHost = join.ClientHost;
        SessionTimeout = join.SessionTimeout;
        RebalanceTimeout = join.RebalanceTimeout;
        Protocols = join.Protocols;
    }

    /// <summary>A static member came back under another id.</summary>
    public void Rename(string id) => Id = id;

    public bool Speaks(string protocol) => Protocols.Any(p => p.Name == protocol);

    public byte[] MetadataFor(string? protocol) => Protocols.FirstOrDefault(p => p.Name == protocol)?.Metadata ?? [];

    public bool HasSameProtocols(IReadOnlyList<MemberProtocol> others) =>
        Protocols.Count == others.Count
        && Protocols.Zip(others).All(static pair => pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));
}
