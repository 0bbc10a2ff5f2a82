using Streaming.Contracts.Avro;
using Streaming.Embedded.SchemaRegistry.Records;

namespace Streaming.Embedded.SchemaRegistry.Rules;

/// <summary>What the records of the topic, applied in their order, add up to. Not for several threads at once.</summary>
internal sealed class RegistryState
{
    private readonly SortedDictionary<string, SortedDictionary<int, SchemaVersion>> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _deletedUpTo = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CompatibilityLevel> _levels = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<SchemaVersion>> _byId = [];
    private readonly Dictionary<(string Type, string Text), int> _ids = [];

    /// <summary>The level of subjects without one of their own.</summary>
    public CompatibilityLevel GlobalLevel { get; private set; } = Levels.Default;

    /// <summary>The largest id that was ever given out; 0 before the first.</summary>
    public int LastId { get; private set; }

    /// <summary>Takes in one record.</summary>
    public void Apply(RegistryRecord record)
    {
        switch (record)
        {
            case RegistryRecord.Schema(var version):
                Remove(version.Subject, version.Version);
                Add(version with { IsDeleted = version.IsDeleted || version.Version <= _deletedUpTo.GetValueOrDefault(version.Subject) });
                break;
            case RegistryRecord.SchemaGone(var subject, var version):
                Remove(subject, version);
                break;
            case RegistryRecord.SubjectDeleted(var subject, var upTo):
                _deletedUpTo[subject] = upTo;
                foreach (var version in Versions(subject, withDeleted: true).Where(version => version.Version <= upTo && !version.IsDeleted).ToList())
                {
                    Remove(subject, version.Version);
                    Add(version with { IsDeleted = true });
                }

                break;
            case RegistryRecord.SubjectDeletedGone(var subject):
                _deletedUpTo.Remove(subject);
                break;
            case RegistryRecord.Level(null, var level):
                GlobalLevel = level ?? Levels.Default;
                break;
            case RegistryRecord.Level({ } subject, null):
                _levels.Remove(subject);
                break;
            case RegistryRecord.Level({ } subject, { } level):
                _levels[subject] = level;
                break;
            case RegistryRecord.LastId(var id):
                LastId = Math.Max(LastId, id);
                break;
        }
    }

    /// <summary>The subjects that have versions, in alphabetical order.</summary>
    public IEnumerable<string> Subjects(bool withDeleted) =>
        _subjects.Where(subject => subject.Value.Values.Any(version => withDeleted || !version.IsDeleted)).Select(subject => subject.Key);

    /// <summary>The versions of a subject, oldest first; none when there is no such subject.</summary>
    public IEnumerable<SchemaVersion> Versions(string subject, bool withDeleted) =>
        _subjects.TryGetValue(subject, out var versions) ? versions.Values.Where(version => withDeleted || !version.IsDeleted) : [];

    /// <summary>A version of a subject; null when there is none.</summary>
    public SchemaVersion? Find(string subject, int version) => _subjects.TryGetValue(subject, out var versions) ? versions.GetValueOrDefault(version) : null;

    /// <summary>Where a schema of an id stands, deleted or not; empty when there is none.</summary>
    public IReadOnlyList<SchemaVersion> ById(int id) => _byId.TryGetValue(id, out var versions) ? versions : [];

    /// <summary>The id of a text; null when it has none.</summary>
    public int? IdOf(string type, string text) => _ids.TryGetValue((type, text), out var id) ? id : null;

    /// <summary>The level of a subject's own; null when it has none.</summary>
    public CompatibilityLevel? OwnLevel(string subject) => _levels.TryGetValue(subject, out var level) ? level : null;

    /// <summary>Whether a subject was deleted in such a way that its ids can still be asked for.</summary>
    public bool HasDeletedMark(string subject) => _deletedUpTo.ContainsKey(subject);

    private void Add(SchemaVersion version)
    {
        if (!_subjects.TryGetValue(version.Subject, out var versions))
        {
            _subjects[version.Subject] = versions = [];
        }

        if (!_byId.TryGetValue(version.Id, out var same))
        {
            _byId[version.Id] = same = [];
        }

        versions[version.Version] = version;
        same.Add(version);
        _ids.TryAdd((version.Type, version.Text), version.Id);
        LastId = Math.Max(LastId, version.Id);
    }

    private void Remove(string subject, int number)
    {
        if (!_subjects.TryGetValue(subject, out var versions) || !versions.Remove(number, out var version))
        {
            return;
        }

        if (versions.Count == 0)
        {
            _subjects.Remove(subject);
        }

        var same = _byId[version.Id];
        same.Remove(version);
        if (same.Count == 0)
        {
            _byId.Remove(version.Id);
            _ids.Remove((version.Type, version.Text));
        }
    }
}
