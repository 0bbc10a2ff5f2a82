using System.Globalization;
using System.Text;

namespace Streaming.Dashboard.Maps;

/// <summary>The world as an SVG document with the parts <c>graticule</c> and, where there are outlines, <c>land</c> and <c>borders</c>. Pages refer to them and give them colours.</summary>
public static class WorldDrawing
{
    private const int DegreesApart = 30;

    /// <summary>The document; without outlines it has the graticule alone.</summary>
    public static string Of(TopoJson? outlines)
    {
        var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\">");
        Part(svg, "graticule", Graticule());
        if (outlines is not null)
        {
            Part(svg, "land", Land(outlines));
            Part(svg, "borders", Borders(outlines));
        }

        return svg.Append("</svg>").ToString();
    }

    // What a referring element says of strokes is inherited, but this is not.
    private static void Part(StringBuilder svg, string id, string path) =>
        svg.Append(CultureInfo.InvariantCulture, $"<path id=\"{id}\" vector-effect=\"non-scaling-stroke\" d=\"{path}\"/>");

    private static string Land(TopoJson outlines)
    {
        var path = new StringBuilder();
        foreach (var ring in outlines.Rings)
        {
            // Where two lines of a ring meet, both have the point; drawing it twice draws nothing.
            Append(path, ring.SelectMany(outlines.Line), close: true);
        }

        return path.ToString();
    }

    private static string Borders(TopoJson outlines)
    {
        var path = new StringBuilder();
        foreach (var arc in outlines.Arcs)
        {
            Append(path, arc, close: false);
        }

        return path.ToString();
    }

    private static string Graticule()
    {
        var path = new StringBuilder();
        for (var longitude = -180; longitude <= 180; longitude += DegreesApart)
        {
            Append(path, Enumerable.Range(-18, 37).Select(i => ((double)longitude, i * 5d)), close: false);
        }

        for (var latitude = -90 + DegreesApart; latitude < 90; latitude += DegreesApart)
        {
            Append(path, Enumerable.Range(-36, 73).Select(i => (i * 5d, (double)latitude)), close: false);
        }

        return path.ToString();
    }

    /// <summary>Whole map units, each point relative to the one before: a third of the text that absolute decimals would be.</summary>
    private static void Append(StringBuilder path, IEnumerable<(double Longitude, double Latitude)> line, bool close)
    {
        (int X, int Y)? last = null;
        foreach (var (longitude, latitude) in line)
        {
            var exact = NaturalEarth.Project(longitude, latitude);
            var point = (X: (int)Math.Round(exact.X), Y: (int)Math.Round(exact.Y));
            if (last is not { } from)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{point.X},{point.Y}l");
            }
            else if (point != from)
            {
                path.Append(CultureInfo.InvariantCulture, $"{point.X - from.X},{point.Y - from.Y} ");
            }

            last = point;
        }

        path.Append(close ? "z" : "");
    }
}
