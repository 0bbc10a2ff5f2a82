using Streaming.Cluster;

namespace Streaming.Topics.Commands;

/// <summary>Instants in the options of commands.</summary>
internal static class InstantOption
{
    /// <exception cref="UsageException">It is none of <see cref="InstantText.Forms"/>.</exception>
    public static DateTimeOffset Parse(string option, string text, DateTimeOffset now) =>
        InstantText.TryParse(text, now, out var instant, out var problem) ? instant : throw new UsageException($"{option}: {problem}");
}
