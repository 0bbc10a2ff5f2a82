using System.Text.Json;

namespace Streaming.Dashboard.Maps;

/// <summary>
/// What a map needs of a TopoJSON topology (https://github.com/topojson/topojson-specification, 1.0): lines that are shared by the areas on both sides.
/// </summary>
/// <param name="Arcs">All lines, as longitude and latitude in degrees.</param>
/// <param name="Rings">The rings of one object's areas: places in <paramref name="Arcs"/>; <c>~i</c> is the line i backwards.</param>
public sealed record TopoJson(IReadOnlyList<(double Longitude, double Latitude)[]> Arcs, IReadOnlyList<int[]> Rings)
{
    /// <summary>Reads a quantized topology.</summary>
    /// <param name="json">Its text, UTF-8.</param>
    /// <param name="name">The object whose areas are wanted.</param>
    /// <exception cref="JsonException">It is no such topology.</exception>
    public static TopoJson Parse(ReadOnlyMemory<byte> json, string name)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            var root = document.RootElement;
            var transform = root.GetProperty("transform");
            var (scale, translate) = (Pair(transform.GetProperty("scale")), Pair(transform.GetProperty("translate")));
            var arcs = root.GetProperty("arcs").EnumerateArray().Select(arc => Unpack(arc, scale, translate)).ToList();
            var rings = new List<int[]>();
            AddRings(root.GetProperty("objects").GetProperty(name), rings);
            return rings.TrueForAll(ring => ring.All(i => (i < 0 ? ~i : i) < arcs.Count)) ? new TopoJson(arcs, rings) : throw new JsonException("a ring names a line that is not there");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new JsonException("this is no quantized TopoJSON topology: " + e.Message, e);
        }
    }

    /// <summary>One line's points, in the direction in which a ring goes along it.</summary>
    public IEnumerable<(double Longitude, double Latitude)> Line(int arc) => arc < 0 ? Arcs[~arc].Reverse() : Arcs[arc];

    /// <summary>Positions are whole numbers, each relative to the one before.</summary>
    private static (double, double)[] Unpack(JsonElement arc, (double X, double Y) scale, (double X, double Y) translate)
    {
        var (x, y) = (0d, 0d);
        return [.. arc.EnumerateArray().Select(position =>
        {
            var (dx, dy) = Pair(position);
            (x, y) = (x + dx, y + dy);
            return ((x * scale.X) + translate.X, (y * scale.Y) + translate.Y);
        })];
    }

    private static void AddRings(JsonElement geometry, List<int[]> rings)
    {
        switch (geometry.GetProperty("type").GetString())
        {
            case "GeometryCollection":
                foreach (var part in geometry.GetProperty("geometries").EnumerateArray())
                {
                    AddRings(part, rings);
                }

                break;
            case "MultiPolygon":
                rings.AddRange(geometry.GetProperty("arcs").EnumerateArray().SelectMany(polygon => polygon.EnumerateArray()).Select(Ring));
                break;
            case "Polygon":
                rings.AddRange(geometry.GetProperty("arcs").EnumerateArray().Select(Ring));
                break;
        }
    }

    private static int[] Ring(JsonElement arcs) => [.. arcs.EnumerateArray().Select(arc => arc.GetInt32())];

    private static (double X, double Y) Pair(JsonElement pair) => (pair[0].GetDouble(), pair[1].GetDouble());
}
