namespace Streaming.Embedded.Kafka.Security;

/// <summary>How far one connection's client has proved who it is (KIP-43, KIP-152). Used by one request at a time.</summary>
internal sealed class SaslSession(SaslUsers? users)
{
    /// <summary>Whether anything but the proof may be asked: nobody asks for a proof, or it was given.</summary>
    public bool IsOpen => users is null || User is not null;

    /// <summary>Whether a proof failed: the connection ends after the answer.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Who it is; null before the proof.</summary>
    public string? User { get; private set; }

    /// <summary>Whether this broker asks for a proof at all.</summary>
    public bool IsWanted => users is not null;

    /// <summary>Whether the mechanism was agreed on, and the proof may come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The mechanism is agreed on.</summary>
    public void Begin() => HasBegun = true;

    /// <summary>Takes the client's proof (RFC 4616); false when it is none.</summary>
    public bool TryProve(ReadOnlySpan<byte> token)
    {
        User = users is not null && HasBegun && !HasFailed ? users.Recognise(token) : null;
        HasBegun = false;
        HasFailed = User is null;
        return !HasFailed;
    }

    /// <summary>The client did what it may not: the connection ends after the answer.</summary>
    public void Fail() => (HasFailed, User) = (true, null);
}
