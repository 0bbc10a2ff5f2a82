using System.Globalization;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>
/// Puts a cleaned segment in the place of those that it was made from, so that a death at any moment leaves either the old ones or the new one:
/// <list type="number">
/// <item>the cleaner writes <c>&lt;base&gt;.log.cleaned</c> and its index <c>&lt;base&gt;.log.index</c>, on the disk before it goes on;</item>
/// <item>the index becomes <c>&lt;base&gt;-&lt;end&gt;.swapindex</c>;</item>
/// <item>the segment becomes <c>&lt;base&gt;-&lt;end&gt;.swap</c>: from here on the new one counts;</item>
/// <item>the segments from base to end are deleted with their indexes;</item>
/// <item>the new index and then the new segment get their final names.</item>
/// </list>
/// A start before step 3 deletes what lies there, a start after it does the rest. No file's end offset is read from the segment: its last records may be gone.
/// </summary>
internal static class SegmentSwap
{
    private const string CleanedExtension = ".cleaned";
    private const string SwapExtension = ".swap";
    private const string SwapIndexExtension = ".swapindex";

    /// <summary>The file that the cleaner writes.</summary>
    public static string CleanedPath(string folder, long baseOffset) => Path.Combine(folder, LogSegment.NameOf(baseOffset) + CleanedExtension);

    /// <summary>Steps 2 and 3. If it throws, nothing has changed.</summary>
    /// <param name="folder">The partition's.</param>
    /// <param name="baseOffset">Where the segment begins.</param>
    /// <param name="endOffset">Beginning of the next segment that stays.</param>
    public static void Decide(string folder, long baseOffset, long endOffset, LogFileAccess access)
    {
        var cleaned = CleanedPath(folder, baseOffset);
        access.Move(Path.ChangeExtension(cleaned, LogSegment.IndexExtension), SwapPath(folder, baseOffset, endOffset) + "index");
        access.Move(cleaned, SwapPath(folder, baseOffset, endOffset));
    }

    /// <summary>Steps 4 and 5. If it throws, it can be called again, also by another process.</summary>
    public static void Complete(string folder, long baseOffset, long endOffset, LogFileAccess access)
    {
        var swap = SwapPath(folder, baseOffset, endOffset);
        foreach (var path in Directory.EnumerateFiles(folder, "*.log").Where(path => OffsetOf(path) is { } offset && offset >= baseOffset && offset < endOffset).ToList())
        {
            if (OffsetOf(path) != baseOffset)
            {
                access.Delete(Path.ChangeExtension(path, LogSegment.IndexExtension));
            }
            access.Delete(path);
        }
        var final = Path.Combine(folder, LogSegment.NameOf(baseOffset));
        if (File.Exists(swap + "index"))
        {
            access.Move(swap + "index", Path.ChangeExtension(final, LogSegment.IndexExtension));
        }
        access.Move(swap, final);
    }

    /// <summary>Before a folder's segments are opened: ends what was decided and removes what was not.</summary>
    public static void Recover(string folder, LogFileAccess access)
    {
        foreach (var path in Directory.GetFiles(folder, "*" + SwapExtension).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileNameWithoutExtension(path).Split('-') is [var from, var to] && TryOffset(from) is { } baseOffset && TryOffset(to) is { } endOffset)
            {
                Complete(folder, baseOffset, endOffset, access);
            }
        }
        RemoveUndecided(folder, access);
    }

    /// <summary>Removes what a pass that did not come to its end left.</summary>
    public static void RemoveUndecided(string folder, LogFileAccess access)
    {
        foreach (var path in Directory.GetFiles(folder, "*" + CleanedExtension))
        {
            access.Delete(Path.ChangeExtension(path, LogSegment.IndexExtension));
            access.Delete(path);
        }
        foreach (var path in Directory.GetFiles(folder, "*" + SwapIndexExtension).Where(path => !File.Exists(Path.ChangeExtension(path, SwapExtension))))
        {
            access.Delete(path);
        }
    }

    private static string SwapPath(string folder, long baseOffset, long endOffset) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{baseOffset:D20}-{endOffset:D20}{SwapExtension}"));

    private static long? OffsetOf(string path) => TryOffset(Path.GetFileNameWithoutExtension(path));

    private static long? TryOffset(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;
}
