namespace Streaming.Contracts.Avro;

/// <summary>What a change of schema must leave possible. The names are those of Confluent's registry; each looks at the newest schema before the change only.</summary>
public enum CompatibilityLevel
{
    /// <summary>Anything goes.</summary>
    None,

    /// <summary>The new schema reads what the old one wrote: consumers change first.</summary>
    Backward,

    /// <summary>The old schema reads what the new one writes: producers change first.</summary>
    Forward,

    /// <summary>Both.</summary>
    Full,
}

/// <summary>Something that keeps a reader's schema from reading what a writer's schema wrote.</summary>
/// <param name="Kind">A stable word in capitals, as Avro's own libraries say it: <c>READER_FIELD_MISSING_DEFAULT_VALUE</c>.</param>
/// <param name="Path">Where in the reader's schema.</param>
/// <param name="Message">A sentence for a person.</param>
public sealed record AvroIncompatibility(string Kind, string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} at {Path}: {Message}";
}

/// <summary>Avro's rules of schema resolution, asked of two schemas before any value is there.</summary>
public static class AvroCompatibility
{
    /// <summary>Checks a new schema against an old one.</summary>
    /// <returns>What is wrong, in words for a person; empty when it is allowed.</returns>
    public static IReadOnlyList<string> Problems(CompatibilityLevel level, AvroSchema old, AvroSchema changed)
    {
        List<string> problems = [];
        if (level is CompatibilityLevel.Backward or CompatibilityLevel.Full)
        {
            problems.AddRange(Check(reader: changed, writer: old).Select(problem => $"the new schema cannot read what the old one wrote: {problem}"));
        }

        if (level is CompatibilityLevel.Forward or CompatibilityLevel.Full)
        {
            problems.AddRange(Check(reader: old, writer: changed).Select(problem => $"the old schema cannot read what the new one writes: {problem}"));
        }

        return problems;
    }

    /// <summary>Why a reader's schema cannot read everything that a writer's schema may have written; empty when it can.</summary>
    public static IReadOnlyList<AvroIncompatibility> Check(AvroSchema reader, AvroSchema writer) => new CompatibilityCheck().Run(reader, writer);
}

/// <summary>One comparison. Pairs of types that are being compared or have been are taken as compatible, so that schemas may refer to themselves.</summary>
internal sealed class CompatibilityCheck
{
    private const int MostPairs = 200_000;
    private const int MostProblems = 100;

    private readonly HashSet<(AvroSchema Reader, AvroSchema Writer)> _seen = [];
    private int _pairs;

    public List<AvroIncompatibility> Run(AvroSchema reader, AvroSchema writer)
    {
        List<AvroIncompatibility> problems = [];
        Compare(reader, writer, "/", 0, problems);
        return problems;
    }

    private void Compare(AvroSchema reader, AvroSchema writer, string path, int depth, List<AvroIncompatibility> problems)
    {
        if (depth > AvroSchema.MaxDepth || ++_pairs > MostPairs || problems.Count >= MostProblems)
        {
            Add(problems, "TYPE_MISMATCH", path, "the schemas are nested too deep, or differ in too much, to be compared");
            return;
        }

        if (reader is AvroNamed && !_seen.Add((reader, writer)))
        {
            return;
        }

        switch (reader, writer)
        {
            case (_, AvroUnion written):
                for (var i = 0; i < written.Branches.Count; i++)
                {
                    Compare(reader, written.Branches[i], path, depth + 1, problems);
                }

                break;
            case (AvroUnion read, _):
                CompareBranches(read, writer, path, depth, problems);
                break;
            case (AvroRecord read, AvroRecord written) when AvroMatch.IsSameName(written, read):
                CompareFields(read, written, path, depth, problems);
                break;
            case (AvroEnumeration read, AvroEnumeration written) when AvroMatch.IsSameName(written, read):
                CompareSymbols(read, written, path, problems);
                break;
            case (AvroFixed read, AvroFixed written) when AvroMatch.IsSameName(written, read) && read.Size != written.Size:
                Add(problems, "FIXED_SIZE_MISMATCH", path, $"'{read.FullName}' has {read.Size} bytes, and {written.Size} were written");
                break;
            case (AvroArray read, AvroArray written):
                Compare(read.Items, written.Items, $"{path}items/", depth + 1, problems);
                break;
            case (AvroMap read, AvroMap written):
                Compare(read.Values, written.Values, $"{path}values/", depth + 1, problems);
                break;
            default:
                CompareTypes(reader, writer, path, problems);
                break;
        }
    }

    private static void CompareTypes(AvroSchema reader, AvroSchema writer, string path, List<AvroIncompatibility> problems)
    {
        if (reader.Type == writer.Type && reader is AvroNamed read && !AvroMatch.IsSameName((AvroNamed)writer, read))
        {
            Add(problems, "NAME_MISMATCH", path, $"'{read.FullName}' is to be read where '{writer.BranchName}' was written");
        }
        else if (!AvroMatch.IsMatch(writer, reader))
        {
            Add(problems, "TYPE_MISMATCH", path, $"a {reader.BranchName} is to be read where a {writer.BranchName} was written");
        }
    }

    private void CompareFields(AvroRecord reader, AvroRecord writer, string path, int depth, List<AvroIncompatibility> problems)
    {
        foreach (var field in reader.Fields)
        {
            if (AvroMatch.Written(writer, field) is { } written)
            {
                Compare(field.Schema, written.Schema, $"{path}fields/{field.Name}/", depth + 1, problems);
            }
            else if (!field.HasDefault)
            {
                Add(problems, "READER_FIELD_MISSING_DEFAULT_VALUE", $"{path}fields/{field.Name}/", $"'{field.Name}' was not written and has no default");
            }
        }
    }

    private static void CompareSymbols(AvroEnumeration reader, AvroEnumeration writer, string path, List<AvroIncompatibility> problems)
    {
        var unknown = writer.Symbols.Except(reader.Symbols, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0 && reader.Default is null)
        {
            Add(problems, "MISSING_ENUM_SYMBOLS", path, $"'{reader.FullName}' does not know {string.Join(", ", unknown.Take(10))} and has no default");
        }
    }

    private void CompareBranches(AvroUnion reader, AvroSchema writer, string path, int depth, List<AvroIncompatibility> problems)
    {
        // The branch that the decoder takes, so that what is allowed here can be read.
        if (AvroMatch.Branch(writer, reader) is not { } branch)
        {
            Add(problems, "MISSING_UNION_BRANCH", path, $"the union has no branch for a {writer.BranchName}");
            return;
        }

        Compare(branch, writer, path, depth + 1, problems);
    }

    private static void Add(List<AvroIncompatibility> problems, string kind, string path, string message) =>
        problems.Add(new AvroIncompatibility(kind, path.Length <= 500 ? path : path[..500] + "…", message));
}
