namespace Streaming.Contracts.Measures;

/// <summary>What a plan must fulfil.</summary>
internal static class MeasurePlanRules
{
    private const int MaxScale = 9;
    private const int MaxNameLength = 63;
    private const int MaxUnitLength = 32;

    /// <exception cref="InvalidMeasurePlanException">A rule is broken.</exception>
    public static void Check(IReadOnlyList<FieldSpec> fields, IReadOnlyList<MeasureSpec> measures)
    {
        Demand(fields.Count <= MeasurePlan.MaxFields, $"{fields.Count} fields: a plan has at most {MeasurePlan.MaxFields}");
        Demand(measures.Count > 0, "no measures: a plan has at least one");
        Demand(measures.Count <= MeasurePlan.MaxMeasures, $"{measures.Count} measures: a plan has at most {MeasurePlan.MaxMeasures}");
        DemandUnique("field", fields.Select(field => field.Name));
        DemandUnique("measure", measures.Select(measure => measure.Name));
        foreach (FieldSpec field in fields)
        {
            CheckField(field);
        }

        foreach (MeasureSpec measure in measures)
        {
            CheckMeasure(measure, fields);
        }
    }

    private static void CheckField(FieldSpec field)
    {
        string it = $"field '{field.Name}': ";
        DemandWord(it, field.Name);
        Demand(Enum.IsDefined(field.Kind), $"{it}kind {(int)field.Kind} does not exist");
        Demand(field.Scale is >= 0 and <= MaxScale, $"{it}scale {field.Scale} is not within 0 to {MaxScale}");
        Demand(field.Kind == FieldKind.Number || field.Scale == 0, $"{it}an identity has no scale, but {field.Scale} is given");
        Demand(field.Unit is null or { Length: > 0 and <= MaxUnitLength }, $"{it}a unit is null or has 1 to {MaxUnitLength} characters");
    }

    private static void CheckMeasure(MeasureSpec measure, IReadOnlyList<FieldSpec> fields)
    {
        string it = $"measure '{measure.Name}': ";
        DemandWord(it, measure.Name);
        Demand(Enum.IsDefined(measure.Kind), $"{it}kind {(int)measure.Kind} does not exist");
        CheckQuantile(it, measure);
        if (measure is { Kind: MeasureKind.Count, Field: -1 })
        {
            return;
        }

        Demand(measure.Field >= 0 && measure.Field < fields.Count, $"{it}there is no field {measure.Field}, the plan has {fields.Count}");
        FieldSpec field = fields[measure.Field];
        FieldKind needed = measure.Kind == MeasureKind.Distinct ? FieldKind.Identity : FieldKind.Number;
        Demand(field.Kind == needed, $"{it}{measure.Kind} needs a field of kind {needed}, but '{field.Name}' is of kind {field.Kind}");
    }

    private static void CheckQuantile(string it, MeasureSpec measure)
    {
        if (measure.Kind == MeasureKind.Quantile)
        {
            Demand(measure.Quantile is > 0 and < 1, $"{it}quantile {measure.Quantile} is not strictly between 0 and 1");
        }
        else
        {
            Demand(measure.Quantile == 0, $"{it}{measure.Kind} takes no quantile, but {measure.Quantile} is given");
        }
    }

    private static void DemandUnique(string what, IEnumerable<string> names)
    {
        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        Demand(twice is null, $"{what} '{twice}': two {what}s have this name");
    }

    private static void DemandWord(string it, string name)
    {
        bool isWord = name is { Length: > 0 and <= MaxNameLength } && char.IsAsciiLetterLower(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
        Demand(isWord, $"{it}a name is a lower-case letter, then lower-case letters, digits and underscores, {MaxNameLength} at most");
    }

    private static void Demand(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidMeasurePlanException(message);
        }
    }
}
