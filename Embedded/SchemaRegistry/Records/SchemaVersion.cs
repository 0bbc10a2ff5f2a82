namespace Streaming.Embedded.SchemaRegistry.Records;

/// <summary>A schema under a subject.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Version">Its number under the subject, from 1.</param>
/// <param name="Id">Its number in the registry: the same wherever the same text is registered.</param>
/// <param name="Type">Its language; <c>AVRO</c> for all that are registered here.</param>
/// <param name="Text">Its text.</param>
/// <param name="References">References to other schemas as JSON, where another registry wrote some; else null.</param>
/// <param name="IsDeleted">Whether it is deleted in such a way that its id can still be asked for.</param>
internal sealed record SchemaVersion(string Subject, int Version, int Id, string Type, string Text, string? References = null, bool IsDeleted = false);
