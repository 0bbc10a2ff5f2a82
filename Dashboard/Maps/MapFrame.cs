namespace Streaming.Dashboard.Maps;

/// <summary>The part of the plane that is shown, in map units.</summary>
public readonly record struct MapFrame(double X, double Y, double Width, double Height)
{
    /// <summary>Width to height, always the same, so that the page does not jump.</summary>
    public const double Aspect = 2.2;

    /// <summary>Nothing is shown closer than this: outlines are coarse.</summary>
    private const double Closest = 1_100;

    /// <summary>Free space around the outermost places, as a part of their extent.</summary>
    private const double Margin = 0.12;

    /// <summary>All continents but for the one where nobody buys.</summary>
    public static MapFrame World { get; } = Shaped(0, NaturalEarth.Project(0, 84).Y, NaturalEarth.Width, NaturalEarth.Project(0, -57).Y);

    /// <summary>The smallest frame around all places with some space; the world where there is none.</summary>
    public static MapFrame Around(IReadOnlyCollection<MapPoint> places)
    {
        if (places.Count == 0)
        {
            return World;
        }

        var (left, right) = (places.Min(p => p.X), places.Max(p => p.X));
        var (top, bottom) = (places.Min(p => p.Y), places.Max(p => p.Y));
        var space = Math.Max(Math.Max((right - left) * Margin, (bottom - top) * Margin), 60);
        return Shaped(left - space, top - space, right + space, bottom + space);
    }

    /// <summary>The neighbourhood of one place.</summary>
    public static MapFrame Near(MapPoint place) => Shaped(place.X - Closest, place.Y, place.X + Closest, place.Y);

    /// <summary>A box, made larger until it has the aspect, and moved into the world's width.</summary>
    private static MapFrame Shaped(double left, double top, double right, double bottom)
    {
        var width = Math.Max(Math.Max(right - left, (bottom - top) * Aspect), Closest);
        var x = ((left + right) / 2) - (width / 2);
        x = width >= NaturalEarth.Width ? (NaturalEarth.Width - width) / 2 : Math.Clamp(x, 0, NaturalEarth.Width - width);
        return new MapFrame(x, ((top + bottom) / 2) - (width / Aspect / 2), width, width / Aspect);
    }
}
