namespace Streaming.Cluster;

/// <summary>A new topic's settings as people write them: <c>KEY=VALUE</c> each.</summary>
public static class TopicSettings
{
    /// <param name="pairs">One setting each.</param>
    /// <param name="settings">What was written.</param>
    /// <param name="problem">Otherwise, which of them cannot be used: the end of a sentence that begins with whatever they were written in.</param>
    public static bool TryParse(IEnumerable<string> pairs, out IReadOnlyDictionary<string, string> settings, out string problem)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        (settings, problem) = (read, "");
        foreach (var pair in pairs)
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            if (cut < 1)
            {
                problem = $"takes KEY=VALUE, this is '{pair}'.";
                return false;
            }

            if (!read.TryAdd(pair[..cut].Trim(), pair[(cut + 1)..].Trim()))
            {
                problem = $"{pair[..cut].Trim()} is given twice.";
                return false;
            }
        }

        return true;
    }
}
