namespace Streaming.Dashboard.Views;

/// <summary>
/// Which stores have a series and a colour of their own. A store keeps both while it stays near the top, so that the chart does not
/// change colours with every sale; it gives way only when it has fallen well below a newcomer.
/// </summary>
public sealed class SeriesRoster(int size = 7)
{
    /// <summary>How many places below the last one a member may fall before it gives way.</summary>
    private const int Slack = 2;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <summary>Takes in the stores by size, largest first, and returns the members with their places, 0 to size − 1.</summary>
    public IReadOnlyDictionary<string, int> Update(IReadOnlyList<string> largestFirst)
    {
        var near = largestFirst.Take(size + Slack).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _places.Keys.Where(store => !near.Contains(store)).ToList())
        {
            _places.Remove(gone);
        }

        foreach (var store in largestFirst.Take(size + Slack))
        {
            if (_places.Count == size)
            {
                break;
            }

            if (!_places.ContainsKey(store))
            {
                _places.Add(store, Enumerable.Range(0, size).First(place => !_places.ContainsValue(place)));
            }
        }

        return _places;
    }
}
