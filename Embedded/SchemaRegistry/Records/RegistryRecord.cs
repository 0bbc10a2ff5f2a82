using Streaming.Contracts.Avro;

namespace Streaming.Embedded.SchemaRegistry.Records;

/// <summary>What one record of the topic says.</summary>
internal abstract record RegistryRecord
{
    /// <summary>A version of a subject is there, deleted or not.</summary>
    public sealed record Schema(SchemaVersion Version) : RegistryRecord;

    /// <summary>A version of a subject is gone for good.</summary>
    public sealed record SchemaGone(string Subject, int Version) : RegistryRecord;

    /// <summary>The versions of a subject up to one are deleted, in such a way that their ids can still be asked for.</summary>
    public sealed record SubjectDeleted(string Subject, int UpToVersion) : RegistryRecord;

    /// <summary>That mark is gone.</summary>
    public sealed record SubjectDeletedGone(string Subject) : RegistryRecord;

    /// <summary>The level of a subject, or of all without one of their own. Null: there is none (any more).</summary>
    public sealed record Level(string? Subject, CompatibilityLevel? Compatibility) : RegistryRecord;

    /// <summary>Ids up to this one have been given out, whatever has become of them.</summary>
    public sealed record LastId(int Id) : RegistryRecord;

    /// <summary>Something that another registry wrote and that says nothing here.</summary>
    public sealed record Other(string What) : RegistryRecord;
}
