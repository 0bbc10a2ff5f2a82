using System.Globalization;
using Aspire.Hosting.Dashboard.Otlp;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>How values of telemetry are written.</summary>
internal static class Shown
{
    public static string Duration(double nanoseconds) => nanoseconds switch
    {
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0.##} µs"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.##} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.##} s"),
    };

    /// <summary>From the first start to the last end, in nanoseconds.</summary>
    public static double Length(IEnumerable<SpanRecord> spans) => spans.Max(span => span.End) - spans.Min(span => span.Start);

    /// <summary>The time of day on this machine, where the resources' processes run too.</summary>
    public static string Time(ulong nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100)).ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Number(double? value) => value?.ToString(Math.Abs(value.Value) is >= 1e15 or (< 1e-3 and > 0) ? "0.###e0" : "#,0.###", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The address of a trace, at one of its spans unless that is 0.</summary>
    public static string Url(SpanKey key) => $"/traces/detail/{Id(key.TraceId)}{(key.SpanId == 0 ? "" : $"?spanId={Id(key.SpanId)}#s{Id(key.SpanId)}")}";

    public static string Id(UInt128 traceId) => traceId.ToString("x32", CultureInfo.InvariantCulture);

    public static string Id(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Names and values; what is secret among them is masked.</summary>
    public static Action<HtmlWriter> Tags(IEnumerable<Tag> tags) => html =>
    {
        html.Add($"<dl class=\"tags\">");
        foreach (var tag in tags)
        {
            html.Add($"<div><dt>{tag.Key}</dt><dd>{Secrets.MaskVariable(tag.Key, tag.Value)}</dd></div>");
        }

        html.Add($"</dl>");
    };
}
