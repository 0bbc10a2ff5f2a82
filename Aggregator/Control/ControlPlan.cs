namespace Streaming.Aggregator.Control;

/// <summary>A generation that this instance is to run.</summary>
/// <param name="Number">The generation.</param>
/// <param name="Former">The generation whose idle marks it repeats; null for the first.</param>
/// <param name="CoversFrom">Windows that start before it are not whole in this generation, and nothing is sent downstream for them.</param>
internal sealed record GenerationToRun(int Number, int? Former, DateTime? CoversFrom);

/// <summary>What an instance with a certain definition does about a pipeline. A pure function of the rows, so that all instances agree.</summary>
/// <param name="Generations">What to run; empty while paused, or while only other definitions are there.</param>
/// <param name="Trouble">Why results do not go on here; null when they do, or when an administrator has paused them.</param>
internal sealed record ControlPlan(IReadOnlyList<GenerationToRun> Generations, string? Trouble)
{
    public const string Changed = "definition changed: replay it";
    public const string Other = "a generation of another definition is being built; this instance has neither's definition and waits";

    public static ControlPlan Of(ControlRows rows, string fingerprint)
    {
        GenerationRow?[] candidates = [rows.Active, rows.Building];
        List<GenerationToRun> own =
        [
            .. candidates.OfType<GenerationRow>().Where(generation => generation.Fingerprint == fingerprint)
                .Select(generation => new GenerationToRun(generation.Number, rows.FormerOf(generation.Number)?.Number, generation.CoversFrom)),
        ];
        var trouble = own.Count > 0 ? null : rows.Building is null ? Changed : Other;
        return new ControlPlan(rows.IsPaused ? [] : own, trouble);
    }
}
