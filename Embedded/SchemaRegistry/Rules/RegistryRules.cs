using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Embedded.SchemaRegistry.Records;

namespace Streaming.Embedded.SchemaRegistry.Rules;

/// <summary>What a request leads to: records to write, all or none, and the answer once they are there.</summary>
internal sealed record Decision<T>(IReadOnlyList<RegistryRecord> Records, T Answer);

/// <summary>The registry's rules: from what there is and what is asked to what is written. Pure.</summary>
internal static class RegistryRules
{
    private const int LongestSubject = 255;

    /// <summary>Registers a schema under a subject; the same text has the same id everywhere.</summary>
    public static Decision<int> Register(RegistryState state, string subject, AvroSchema schema)
    {
        CheckSubject(subject);
        var text = schema.ToString();
        var versions = state.Versions(subject, withDeleted: false).ToList();
        if (versions.Find(version => version.Type == RegisteredSchema.AvroType && version.Text == text) is { } same)
        {
            return new([], same.Id);
        }

        if (versions is [.., var latest] && Problems(state, subject, latest, schema) is { Count: > 0 } problems)
        {
            throw RegistryErrors.Incompatible(subject, problems);
        }

        var number = state.Versions(subject, withDeleted: true).Select(version => version.Version).DefaultIfEmpty(0).Max() + 1;
        var id = state.IdOf(RegisteredSchema.AvroType, text) ?? (state.LastId < int.MaxValue ? state.LastId + 1 : throw RegistryErrors.StoreFailed("there are no ids left"));
        return new([new RegistryRecord.Schema(new SchemaVersion(subject, number, id, RegisteredSchema.AvroType, text))], id);
    }

    /// <summary>The version of a subject that a schema is.</summary>
    public static SchemaVersion LookUp(RegistryState state, string subject, AvroSchema schema, bool withDeleted)
    {
        var text = schema.ToString();
        var versions = Existing(state, subject, withDeleted);
        return versions.FindLast(version => version.Type == RegisteredSchema.AvroType && version.Text == text) ?? throw RegistryErrors.NoSchema();
    }

    /// <summary>A version of a subject.</summary>
    /// <param name="state">What there is.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="withDeleted">Whether deleted ones count.</param>
    public static SchemaVersion Version(RegistryState state, string subject, int? version, bool withDeleted)
    {
        var versions = Existing(state, subject, withDeleted);
        return version is null ? versions[^1] : versions.Find(found => found.Version == version) ?? throw RegistryErrors.NoVersion($"{version}");
    }

    /// <summary>The versions of a subject.</summary>
    public static List<SchemaVersion> Existing(RegistryState state, string subject, bool withDeleted) =>
        state.Versions(subject, withDeleted).ToList() is { Count: > 0 } versions ? versions : throw RegistryErrors.NoSubject(subject);

    /// <summary>What is wrong with a schema against a version of a subject, at the subject's level.</summary>
    public static IReadOnlyList<string> Problems(RegistryState state, string subject, SchemaVersion old, AvroSchema schema)
    {
        var level = state.OwnLevel(subject) ?? state.GlobalLevel;
        if (level == CompatibilityLevel.None)
        {
            return [];
        }

        return RegisteredSchema.Of(old.Id, old.Type, old.Text, old.References is not null).Avro is { } known
            ? AvroCompatibility.Problems(level, known, schema)
            : [$"version {old.Version} is no schema that can be compared with"];
    }

    /// <summary>Sets the level of a subject, or of all without one of their own.</summary>
    public static Decision<CompatibilityLevel> SetLevel(string? subject, CompatibilityLevel level)
    {
        if (subject is not null)
        {
            CheckSubject(subject);
        }

        return new([new RegistryRecord.Level(subject, level)], level);
    }

    /// <summary>Takes a level away, so that the next wider one holds.</summary>
    public static Decision<CompatibilityLevel> DropLevel(RegistryState state, string? subject) => subject is null
        ? new([new RegistryRecord.Level(null, null)], state.GlobalLevel)
        : new([new RegistryRecord.Level(subject, null)], state.OwnLevel(subject) ?? throw RegistryErrors.NoSubject(subject));

    /// <summary>Deletes a subject: first so that its ids can still be asked for, then for good.</summary>
    public static Decision<IReadOnlyList<int>> DeleteSubject(RegistryState state, string subject, bool isPermanent)
    {
        var all = Existing(state, subject, withDeleted: true);
        var live = all.FindAll(version => !version.IsDeleted);
        if (!isPermanent)
        {
            return live.Count == 0
                ? throw RegistryErrors.SubjectDeleted(subject)
                : new([new RegistryRecord.SubjectDeleted(subject, all[^1].Version), .. LevelGone(state, subject)], [.. live.Select(version => version.Version)]);
        }

        if (live.Count > 0)
        {
            throw RegistryErrors.SubjectNotDeleted(subject);
        }

        return new([new RegistryRecord.LastId(state.LastId), .. all.Select(version => new RegistryRecord.SchemaGone(subject, version.Version)), .. MarksGone(state, subject)],
            [.. all.Select(version => version.Version)]);
    }

    /// <summary>Deletes a version of a subject likewise.</summary>
    public static Decision<int> DeleteVersion(RegistryState state, string subject, int? version, bool isPermanent)
    {
        // The newest that is live, or else the newest of all: of a subject that is deleted whole.
        var found = version is null && !state.Versions(subject, withDeleted: false).Any()
            ? Version(state, subject, null, withDeleted: true)
            : Version(state, subject, version, withDeleted: version is not null);
        if (!isPermanent)
        {
            return found.IsDeleted
                ? throw RegistryErrors.VersionDeleted(subject, found.Version)
                : new([new RegistryRecord.Schema(found with { IsDeleted = true })], found.Version);
        }

        if (!found.IsDeleted)
        {
            throw RegistryErrors.VersionNotDeleted(subject, found.Version);
        }

        var isLast = state.Versions(subject, withDeleted: true).Count() == 1;
        return new([new RegistryRecord.LastId(state.LastId), new RegistryRecord.SchemaGone(subject, found.Version), .. isLast ? MarksGone(state, subject) : []], found.Version);
    }

    private static IEnumerable<RegistryRecord> LevelGone(RegistryState state, string subject) =>
        state.OwnLevel(subject) is null ? [] : [new RegistryRecord.Level(subject, null)];

    private static IEnumerable<RegistryRecord> MarksGone(RegistryState state, string subject) =>
        state.HasDeletedMark(subject) ? [new RegistryRecord.SubjectDeletedGone(subject), .. LevelGone(state, subject)] : LevelGone(state, subject);

    private static void CheckSubject(string subject)
    {
        if (subject.Length is 0 or > LongestSubject || subject.Any(char.IsControl))
        {
            throw RegistryErrors.BadSubject($"it has 1 to {LongestSubject} characters and no control characters");
        }
    }
}
