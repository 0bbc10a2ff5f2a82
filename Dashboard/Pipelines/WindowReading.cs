using System.Collections.Immutable;
using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Pipelines;

/// <summary>The measures of a window, read out of its parts.</summary>
/// <param name="Values">In the plan's order.</param>
/// <param name="IsDamaged">Whether a state could not be read: what lies in columns has values, the rest has none.</param>
public sealed record WindowReading(ImmutableArray<MeasureValue> Values, bool IsDamaged)
{
    /// <summary>Merges the parts' states.</summary>
    public static WindowReading Of(MeasurePlan plan, BasicMeasures basic, IEnumerable<IWindowPart> parts)
    {
        if (!plan.NeedsState)
        {
            return Of(plan, basic, state: null);
        }

        try
        {
            MeasureState? merged = null;
            foreach (var part in parts)
            {
                var state = part.State(plan);
                if (merged is null)
                {
                    merged = state;
                }
                else if (state is not null)
                {
                    merged.Merge(state);
                }
            }

            return Of(plan, basic, merged);
        }
        catch (MeasureStateException)
        {
            return Damaged(plan, basic);
        }
    }

    /// <summary>What a merged state says.</summary>
    /// <exception cref="MeasureStateException">The state cannot belong to the columns.</exception>
    public static WindowReading Of(MeasurePlan plan, BasicMeasures basic, MeasureState? state) => new([.. MeasureReader.ReadAll(plan, basic, state)], IsDamaged: false);

    /// <summary>The values of one plan in the order of another; a measure that it has not, or has of another kind or field, has no value.</summary>
    public WindowReading As(MeasurePlan own, MeasurePlan plan) => this with
    {
        Values = [.. plan.Measures.Select(measure => own.Measures.ToList().FindIndex(m => IsSame(own, m, plan, measure)) is >= 0 and var at ? Values[at] : MeasureValue.None)],
    };

    /// <summary>What the columns alone say.</summary>
    public static WindowReading Damaged(MeasurePlan plan, BasicMeasures basic) => new([.. MeasureReader.ReadAll(plan, basic, null)], IsDamaged: true);

    private static bool IsSame(MeasurePlan own, MeasureSpec one, MeasurePlan plan, MeasureSpec other) =>
        one.Name == other.Name && one.Kind == other.Kind && one.Quantile.Equals(other.Quantile)
        && (one.Field < 0 ? other.Field < 0 : other.Field >= 0 && own.Fields[one.Field] with { Unit = null } == plan.Fields[other.Field] with { Unit = null });
}

/// <summary>Where measures lie.</summary>
internal static class MeasurePlaces
{
    /// <summary>Whether the measure can be read without a state.</summary>
    public static bool LiesInColumns(this MeasurePlan plan, int measure) => plan.Measures[measure] switch
    {
        { Kind: MeasureKind.Count, Field: <= 0 } => true,
        { Field: 0, Kind: MeasureKind.Sum or MeasureKind.Min or MeasureKind.Max or MeasureKind.Mean } => true,
        _ => false,
    };
}
