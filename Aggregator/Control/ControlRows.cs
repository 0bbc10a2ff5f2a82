namespace Streaming.Aggregator.Control;

/// <summary>The states of a generation, as <c>pipeline_generations.state</c> has them.</summary>
internal static class GenerationStates
{
    /// <summary>Catching up beside the active one.</summary>
    public const string Building = "building";

    /// <summary>Shown.</summary>
    public const string Active = "active";

    /// <summary>Replaced, or given up before it was shown. Nobody writes it any more.</summary>
    public const string Retired = "retired";
}

/// <summary>A row of <c>pipeline_generations</c>.</summary>
/// <param name="Number">The generation.</param>
/// <param name="Fingerprint">The definition that it is built from.</param>
/// <param name="State">One of <see cref="GenerationStates"/>.</param>
/// <param name="ReplayFrom">The instant that a replay was asked from; null: the earliest retained record.</param>
/// <param name="CoversFrom">Windows that start before it are shown from the former generation; null: none are.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="ActivatedAt">When it took over; null: not (yet).</param>
/// <param name="RetiredAt">When it was replaced or given up; null: not (yet).</param>
internal sealed record GenerationRow(
    int Number,
    string Fingerprint,
    string State,
    DateTime? ReplayFrom,
    DateTime? CoversFrom,
    DateTime CreatedAt,
    DateTime? ActivatedAt,
    DateTime? RetiredAt);

/// <summary>What the database says of a pipeline: every instance obeys it.</summary>
/// <param name="IsPaused">Nothing of it is to run but the relay.</param>
/// <param name="ActiveNumber">The generation that readers show.</param>
/// <param name="Generations">All of them, oldest first.</param>
internal sealed record ControlRows(bool IsPaused, int ActiveNumber, IReadOnlyList<GenerationRow> Generations)
{
    public GenerationRow Active => Generations.Single(generation => generation.Number == ActiveNumber);

    /// <summary>The replay under way; null when there is none.</summary>
    public GenerationRow? Building => Generations.SingleOrDefault(generation => generation.State == GenerationStates.Building);

    /// <summary>The generation that was shown before this one; null for the first.</summary>
    public GenerationRow? FormerOf(int number) => Generations.LastOrDefault(generation => generation.Number < number && generation.ActivatedAt is not null);
}
