using Streaming.Dashboard.Maps;

namespace Streaming.Dashboard.Tests.Maps;

public class NaturalEarthTests
{
    [Fact]
    public void The_equator_meets_the_prime_meridian_in_the_middle()
    {
        var middle = NaturalEarth.Project(0, 0);

        Assert.Equal(NaturalEarth.Width / 2, middle.X, 1e-6);
        Assert.Equal(NaturalEarth.Height / 2, middle.Y, 1e-6);
    }

    [Theory]
    [InlineData(-180, 0)]
    [InlineData(180, 10_000)]
    public void The_equator_reaches_from_edge_to_edge(double longitude, double x) => Assert.Equal(x, NaturalEarth.Project(longitude, 0).X, 1e-6);

    // The projection's first definition is a table of parallels: their length and their distance from the equator, as parts of the largest. The polynomial stays close to it.
    [Theory]
    [InlineData(15, 0.9894, 0.1860)]
    [InlineData(30, 0.9570, 0.3720)]
    [InlineData(45, 0.9006, 0.5571)]
    [InlineData(60, 0.8196, 0.7346)]
    [InlineData(75, 0.7160, 0.8936)]
    public void Parallels_are_as_long_and_as_high_as_the_published_table_says(double latitude, double length, double height)
    {
        Assert.Equal(length, (NaturalEarth.Project(180, latitude).X - NaturalEarth.Project(-180, latitude).X) / NaturalEarth.Width, 0.005);
        Assert.Equal(height, 1 - (NaturalEarth.Project(0, latitude).Y / (NaturalEarth.Height / 2)), 0.005);
        Assert.Equal(NaturalEarth.Height, NaturalEarth.Project(0, latitude).Y + NaturalEarth.Project(0, -latitude).Y, 1e-6);
    }

    [Fact]
    public void The_graticule_is_half_as_high_as_it_is_wide() => Assert.Equal(0.52, NaturalEarth.Height / NaturalEarth.Width, 4);

    // x and y of a unit sphere by the paper's polynomial, computed apart from this code.
    [Theory]
    [InlineData(8.54, 47.37, 0.1154372148, 0.8339997906)]
    [InlineData(-122.4075, 37.7879, -1.7320659342, 0.6668234560)]
    [InlineData(151.2086, -33.8707, 2.1717363421, -0.5976575615)]
    public void Known_places_lie_where_the_polynomial_says(double longitude, double latitude, double x, double y)
    {
        var scale = NaturalEarth.Width / 2 / (0.8707 * Math.PI);

        var point = NaturalEarth.Project(longitude, latitude);

        Assert.Equal(x, (point.X - (NaturalEarth.Width / 2)) / scale, 6);
        Assert.Equal(y, ((NaturalEarth.Height / 2) - point.Y) / scale, 6);
    }
}
