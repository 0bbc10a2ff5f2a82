namespace Streaming.Data;

/// <summary>
/// A key of the Dashboard's Data Protection, where its replicas share their keys (<c>Dashboard:SharedKeys</c>): what one replica gave out, another one
/// understands. Written by the Dashboard; a key stays after it has expired, for what was protected with it.
/// </summary>
public sealed class DataProtectionKey
{
    /// <summary>The name that Data Protection gives it, with the key's id in it.</summary>
    public required string Name { get; set; }

    /// <summary>The key as Data Protection's XML; encrypted where a certificate is configured.</summary>
    public required string Xml { get; set; }

    public DateTime CreatedAt { get; set; }
}
