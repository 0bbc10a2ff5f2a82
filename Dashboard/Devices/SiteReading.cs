using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Devices;

/// <summary>What is known of the temperature somewhere in a stretch of time. What is unknown is null, never zero.</summary>
/// <param name="Events">How many heartbeats; at least one.</param>
/// <param name="Min">The lowest, °C.</param>
/// <param name="Max">The highest, °C.</param>
/// <param name="Mean">The mean of all heartbeats, °C.</param>
/// <param name="P95">95 % of the heartbeats say no more, to within 1 %, °C.</param>
/// <param name="Devices">How many devices sent them; exact up to 256.</param>
/// <param name="Late">Heartbeats that came when the window had closed; in none of the others.</param>
public readonly record struct SiteReading(long Events, double? Min, double? Max, double? Mean, double? P95, double? Devices, long Late)
{
    /// <summary>Reads the measures of the pipeline <c>sites</c> by their names; one that the definition lacks is unknown.</summary>
    internal static SiteReading Of(MeasurePlan plan, BasicMeasures basic, MeasureState? state, long late)
    {
        double? Value(string name)
        {
            try
            {
                return plan.Find(name) is { } measure && MeasureReader.Read(plan, measure, basic, state) is { HasValue: true } value ? value.Number : null;
            }
            catch (MeasureStateException)
            {
                return null;
            }
        }

        return new SiteReading(
            basic.Count, Value("temperature_min"), Value("temperature_max"), Value("temperature_mean"), Value("temperature_p95"), Value("device_distinct"), late);
    }
}
