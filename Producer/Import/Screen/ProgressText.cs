using System.Globalization;

namespace Streaming.Producer.Import.Screen;

/// <summary>Progress in words.</summary>
public static class ProgressText
{
    /// <summary>Share and remaining time when the length is known, records and their rate in any case.</summary>
    public static string Of(ImportProgress progress)
    {
        var records = Records(progress);
        if (progress.Length is not ({ } length and > 0))
        {
            return $"{Size(progress.BytesRead)}, {records}";
        }

        var share = Math.Min(1, progress.BytesRead / (double)length);
        var left = share > 0 ? TimeSpan.FromSeconds(Math.Ceiling(progress.Elapsed.TotalSeconds * (1 - share) / share)) : (TimeSpan?)null;
        return string.Create(CultureInfo.InvariantCulture, $"{share:P0} of {Size(length)}, {records}") + (left is { } time ? $", {time:c} left" : "");
    }

    /// <summary>Records and their rate.</summary>
    public static string Records(ImportProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.Records:N0} records, {progress.RecordsPerSecond:N0}/s");

    private static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.0} GiB"),
    };
}
