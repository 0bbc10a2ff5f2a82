namespace Streaming.Dashboard.Maps;

/// <summary>A place on the map's plane, in map units: x from 0 to <see cref="NaturalEarth.Width"/> eastwards, y from 0 downwards.</summary>
public readonly record struct MapPoint(double X, double Y);

/// <summary>
/// The Natural Earth projection, as the polynomial of Šavrič, Jenny, Patterson, Petrovič and Hurni (2011), "A polynomial equation for the Natural Earth
/// projection", Cartography and Geographic Information Science 38(4): neither areas nor angles are true, both are near enough for a world map.
/// </summary>
public static class NaturalEarth
{
    /// <summary>The width of the whole world, in map units.</summary>
    public const double Width = 10_000;

    private const double HalfEquator = 0.8707 * Math.PI;
    private const double Scale = Width / 2 / HalfEquator;

    /// <summary>The height of the whole world, in map units.</summary>
    public static double Height { get; } = 2 * Scale * Northing(Math.PI / 2);

    /// <summary>Where a place lies on the map.</summary>
    /// <param name="longitude">Degrees, −180 to 180, east positive.</param>
    /// <param name="latitude">Degrees, −90 to 90, north positive.</param>
    public static MapPoint Project(double longitude, double latitude)
    {
        var (lambda, phi) = (longitude * Math.PI / 180, latitude * Math.PI / 180);
        return new MapPoint((Width / 2) + (Scale * lambda * Stretch(phi)), (Height / 2) - (Scale * Northing(phi)));
    }

    private static double Stretch(double phi)
    {
        var phi2 = phi * phi;
        var phi4 = phi2 * phi2;
        return 0.8707 - (0.131979 * phi2) + (phi4 * (-0.013791 + (phi4 * ((0.003971 * phi2) - (0.001529 * phi4)))));
    }

    private static double Northing(double phi)
    {
        var phi2 = phi * phi;
        var phi4 = phi2 * phi2;
        return phi * (1.007226 + (phi2 * (0.015085 + (phi4 * (-0.044475 + (0.028874 * phi2) - (0.005916 * phi4))))));
    }
}
