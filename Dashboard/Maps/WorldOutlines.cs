using System.Text;
using System.Text.Json;

namespace Streaming.Dashboard.Maps;

/// <summary>
/// The outlines of countries, drawn once. They lie beside the program (Natural Earth's data, public domain, out of the npm package <c>world-atlas</c>; native/world-atlas.targets);
/// nothing is asked of any service. Where they are missing, the map has a graticule alone.
/// </summary>
public sealed partial class WorldOutlines(ILogger<WorldOutlines> logger)
{
    /// <summary>Where pages find the drawing.</summary>
    public const string Path = "map/world.svg";

    private readonly Lazy<(byte[] Svg, bool HasLand)> _drawing = new(() => Draw(System.IO.Path.Combine(AppContext.BaseDirectory, "map", "countries-110m.json"), logger));

    /// <summary>Whether there are outlines, and not the graticule alone.</summary>
    public bool HasLand => _drawing.Value.HasLand;

    /// <summary>The drawing; it is the same until the program ends.</summary>
    public ReadOnlyMemory<byte> Svg => _drawing.Value.Svg;

    internal static (byte[] Svg, bool HasLand) Draw(string file, ILogger logger)
    {
        TopoJson? outlines = null;
        try
        {
            outlines = TopoJson.Parse(File.ReadAllBytes(file), "land");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogNoOutlines(logger, file, e.Message);
        }

        return (Encoding.UTF8.GetBytes(WorldDrawing.Of(outlines)), outlines is not null);
    }

    [LoggerMessage(3040, LogLevel.Warning, "The map has no outlines of countries: {File} could not be read ({Reason})")]
    private static partial void LogNoOutlines(ILogger logger, string file, string reason);
}

/// <summary>The address of the drawing.</summary>
internal static class WorldOutlinesEndpoint
{
    public static void MapWorldOutlines(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(WorldOutlines.Path, (WorldOutlines outlines, HttpResponse response) =>
    {
        response.Headers.CacheControl = "max-age=3600";
        return Results.Bytes(outlines.Svg, "image/svg+xml");
    });
}
