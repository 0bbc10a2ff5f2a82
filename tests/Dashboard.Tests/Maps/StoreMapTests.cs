using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Components.Sales;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Maps;
using Streaming.Dashboard.Tests.Alerts;
using Streaming.Dashboard.Tests.Components;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Maps;

public class StoreMapTests
{
    private static readonly Dictionary<string, AlertRow> NoAlerts = [];

    // One square around 0° with a notch that another line describes backwards: a: (0,0) (10,0) (10,10); b: (0,0) (0,10) (10,10).
    private const string Square = """
        {"type":"Topology","transform":{"scale":[1,1],"translate":[0,0]},"arcs":[[[0,0],[10,0],[0,10]],[[0,0],[0,10],[10,0]]],
         "objects":{"land":{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon","arcs":[[[0,-2]]]}]}}}
        """;

    [Fact]
    public void Lines_are_unpacked_and_a_ring_goes_along_them_in_both_directions()
    {
        var square = TopoJson.Parse(Encoding.UTF8.GetBytes(Square), "land");

        Assert.Equal([(0, 0), (10, 0), (10, 10), (10, 10), (0, 10), (0, 0)], square.Rings.Single().SelectMany(square.Line));
        var drawing = WorldDrawing.Of(square);
        Assert.Contains("id=\"land\"", drawing, StringComparison.Ordinal);
        Assert.EndsWith("z\"/>", drawing[..drawing.IndexOf("<path id=\"borders\"", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"transform":{"scale":[1],"translate":[0,0]},"arcs":[],"objects":{}}""")]
    [InlineData("""{"transform":{"scale":[1,1],"translate":[0,0]},"arcs":[],"objects":{"land":{"type":"Polygon","arcs":[[7]]}}}""")]
    public void What_is_no_topology_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => TopoJson.Parse(Encoding.UTF8.GetBytes(text), "land"));

    [Fact]
    public void Without_outlines_there_is_a_graticule()
    {
        var (svg, hasLand) = WorldOutlines.Draw("/there/is/no/such/file", NullLogger.Instance);

        Assert.False(hasLand);
        Assert.Contains("id=\"graticule\"", Encoding.UTF8.GetString(svg), StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"land\"", Encoding.UTF8.GetString(svg), StringComparison.Ordinal);
    }

    [Fact]
    public void Areas_are_in_proportion_to_sales_and_the_largest_lies_below()
    {
        var model = StoreMapModel.Build(Period([Slice("a", 100), Slice("b", 400)]), Stores(("a", 47, 8), ("b", 40, -74), ("c", 1, 103)), NoAlerts, null, world: false);

        Assert.Equal(["b", "a", "c"], model.Dots.Select(dot => dot.Store.StoreId));
        Assert.Equal(2, model.Dots[0].Radius / model.Dots[1].Radius, 6);
        Assert.Equal(0, model.Dots[2].Count);
    }

    [Fact]
    public void The_frame_holds_every_store_keeps_its_aspect_and_stays_in_the_world()
    {
        foreach (var stores in new[] { Stores(("a", 47, 8)), Stores(("a", 60, -170), ("b", -40, 175)), Stores(("a", 89, 0), ("b", -89, 0)) })
        {
            var model = StoreMapModel.Build(Period([]), stores, NoAlerts, null, world: false);

            Assert.Equal(MapFrame.Aspect, model.Frame.Width / model.Frame.Height, 6);
            Assert.All(model.Dots, dot => Assert.InRange(dot.At.X, model.Frame.X, model.Frame.X + model.Frame.Width));
            Assert.All(model.Dots, dot => Assert.InRange(dot.At.Y, model.Frame.Y, model.Frame.Y + model.Frame.Height));
        }
    }

    [Fact]
    public void A_chosen_store_is_looked_at_from_near_unless_the_world_is_wanted()
    {
        var stores = Stores(("zurich", 47, 8), ("tokyo", 35, 139));

        var near = StoreMapModel.Build(Period([]), stores, NoAlerts, "zurich", world: false).Frame;

        Assert.True(near.Width < StoreMapModel.Build(Period([]), stores, NoAlerts, null, world: false).Frame.Width);
        Assert.Equal(MapFrame.World, StoreMapModel.Build(Period([]), stores, NoAlerts, "zurich", world: true).Frame);
    }

    [Fact]
    public void Sales_without_a_place_are_counted_and_ten_thousand_stores_are_cut()
    {
        var many = Enumerable.Range(0, 10_000).ToDictionary(i => $"s{i}", i => Store($"s{i}") with { Place = GeoPlace.Of((i % 170) - 85, (i % 360) - 180) });

        var model = StoreMapModel.Build(Period([Slice("ghost", 3)]), many, NoAlerts, null, world: false);

        Assert.Equal((1, StoreMapModel.Most, 10_000 - StoreMapModel.Most), (model.Unplaced, model.Dots.Length, model.Left));
    }

    [Theory]
    [InlineData(91, 0)]
    [InlineData(0, 181)]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.PositiveInfinity)]
    public void What_is_no_place_on_earth_is_none(double latitude, double longitude) => Assert.Null(GeoPlace.Of(latitude, longitude));

    [Fact]
    public async Task The_map_says_in_words_and_with_a_mark_what_its_colours_say()
    {
        var snapshot = Snapshot([Window(0, "a", 1234, late: 5)], null, Store("a", name: "Corner <Shop>") with { Place = GeoPlace.Of(47, 8) }, Store("b") with { Place = GeoPlace.Of(46, 6) });
        var alerts = AlertSamples.Snapshot(AlertSamples.Firing("sales-by-store", "silent-store", "a", "critical", "has sold <nothing>"));

        var html = await Markup.OfAsync<StoreMap>(snapshot, null, null, [alerts], ("Period", snapshot.Periods.Live(TimeSpan.FromMinutes(5))));

        Assert.Contains("Corner &lt;Shop&gt;, Somewhere: 1,234 sales, 5 late, critical: has sold &lt;nothing&gt;", html, StringComparison.Ordinal);
        Assert.Contains("class=\"dot is-critical\"", html, StringComparison.Ordinal);
        Assert.Single(Occurrences(html, "dot-mark"));
        Assert.Contains("dot is-quiet", html, StringComparison.Ordinal);
        Assert.Contains("href=\"sales?store=a\"", html, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Occurrences(string text, string part) => text.Split(part).Skip(1);

    private static Dictionary<string, StoreInfo> Stores(params (string Id, double Latitude, double Longitude)[] stores) =>
        stores.ToDictionary(s => s.Id, s => Store(s.Id) with { Place = GeoPlace.Of(s.Latitude, s.Longitude) });
}
