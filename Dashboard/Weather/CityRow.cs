using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Weather;

/// <summary>A city in the range: its newest weather, and what was written about it.</summary>
/// <param name="City">Its name, as somebody sent it.</param>
/// <param name="Newest">Its newest window with weather; null when there is none in the range, only messages.</param>
/// <param name="Messages">Messages in the range; null when it is not known.</param>
public sealed record CityRow(string City, MeasuredWindow? Newest, long? Messages)
{
    /// <summary>All cities, by name.</summary>
    public static ImmutableArray<CityRow> Of(PipelinePeriod weather, PipelinePeriod? messages)
    {
        var newest = new Dictionary<string, MeasuredWindow>(StringComparer.Ordinal);
        foreach (var cell in weather.Columns.SelectMany(column => column.Cells))
        {
            newest[cell.Key] = cell;
        }

        var written = messages?.Columns.SelectMany(column => column.Cells)
            .GroupBy(cell => cell.Key, StringComparer.Ordinal).ToDictionary(city => city.Key, city => city.Sum(cell => cell.Basic.Count), StringComparer.Ordinal);
        var cities = newest.Keys.Concat(written?.Keys ?? Enumerable.Empty<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. cities.Select(city => new CityRow(city, newest.GetValueOrDefault(city), written is null ? null : written.GetValueOrDefault(city)))];
    }
}
