namespace Streaming.Proof.Tests.Verification;

/// <summary>Compares two collections as bags: how often each item comes counts, the order does not.</summary>
internal static class Compared
{
    private const int MostShown = 20;

    /// <summary>What is missing and what is too many; empty when they are the same.</summary>
    public static IEnumerable<string> Differences<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
        where T : notnull
    {
        var balance = new Dictionary<T, int>();
        foreach (var item in expected)
        {
            balance[item] = balance.GetValueOrDefault(item) + 1;
        }

        foreach (var item in actual)
        {
            balance[item] = balance.GetValueOrDefault(item) - 1;
        }

        var wrong = balance.Where(item => item.Value != 0).ToList();
        return wrong.Count <= MostShown
            ? wrong.Select(Say)
            : [.. wrong.OrderBy(item => item.Key.ToString(), StringComparer.Ordinal).Take(MostShown).Select(Say), $"{what}: {wrong.Count - MostShown} more differences"];

        string Say(KeyValuePair<T, int> item) => $"{what}: {Math.Abs(item.Value)} {(item.Value > 0 ? "missing" : "too many")}: {item.Key}";
    }
}
