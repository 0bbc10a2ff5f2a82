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

    /// <summary>What the columns alone say.</summary>
    public static WindowReading Damaged(MeasurePlan plan, BasicMeasures basic) => new([.. MeasureReader.ReadAll(plan, basic, null)], IsDamaged: true);
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
