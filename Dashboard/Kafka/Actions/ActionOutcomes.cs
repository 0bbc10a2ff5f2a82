using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>
/// Outcomes between the answer to a form, which is a redirection, and the page that it leads to. They lie here under a name that cannot be guessed, and not in the
/// address: a link must not be able to put words into a page. Bounded in number and in time.
/// </summary>
public sealed class ActionOutcomes(TimeProvider time)
{
    private const string Key = "outcome";
    private const int Most = 200;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ActionOutcome Outcome, DateTimeOffset At)> _outcomes = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Keeps an outcome for the page at an address.</summary>
    /// <returns>The address that shows it.</returns>
    public string At(string path, ActionOutcome outcome)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_lock)
        {
            _outcomes[id] = (outcome, time.GetUtcNow());
            _order.Enqueue(id);
            while (_order.Count > Most || IsOver(_outcomes[_order.Peek()].At))
            {
                _outcomes.Remove(_order.Dequeue());
            }
        }

        return $"{path}?{Key}={id}";
    }

    /// <summary>The outcome that an address names; null for none, or when it is too long ago.</summary>
    /// <param name="uri">An absolute address.</param>
    public ActionOutcome? Of(string uri)
    {
        var id = QueryHelpers.ParseQuery(new Uri(uri).Query).GetValueOrDefault(Key).ToString();
        lock (_lock)
        {
            return _outcomes.TryGetValue(id, out var found) && !IsOver(found.At) ? found.Outcome : null;
        }
    }

    private bool IsOver(DateTimeOffset at) => time.GetUtcNow() - at > Kept;
}
