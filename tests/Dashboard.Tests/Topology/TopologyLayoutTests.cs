using Streaming.Contracts.Pipelines;
using Streaming.Dashboard.Topology;
using static Streaming.Dashboard.Tests.Topology.TopologyBuilderTests;
using static Streaming.Dashboard.Topology.TopologyLayout;

namespace Streaming.Dashboard.Tests.Topology;

/// <summary>What holds for every pipeline's drawing.</summary>
public sealed class TopologyLayoutTests
{
    public static TheoryData<string> Kinds => [.. Pipelines.Keys];

    private static readonly Dictionary<string, PipelineDescription> Pipelines = new()
    {
        ["empty"] = With(),
        ["staged"] = Staged,
        ["joined"] = With(
            ("source", "sales"), ("filter", "f"), ("enrich", "stores: Join"), ("source", "sales-enriched"), ("filter", "g"), ("output", "results"), ("output", "late"),
            ("output", "dead"), ("output", "alerts"), ("alert", "one")),
        ["plain"] = With(("source", "sales"), ("output", "late"), ("output", "dead")),
        ["plain with everything"] = With(("source", "sales"), ("filter", "f"), ("output", "results"), ("output", "late"), ("output", "dead"), ("output", "alerts"), ("alert", "one")),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Boxes_lie_inside_and_never_overlap(string kind)
    {
        var layout = Of(TopologyBuilder.Of(Pipelines[kind]));

        Assert.All(layout.Nodes, node => Assert.True(node.X >= 0 && node.Y >= 0 && node.X + NodeWidth <= layout.Width && node.Y + NodeHeight <= layout.Height));
        foreach (var (one, other) in layout.Nodes.SelectMany((one, i) => layout.Nodes.Skip(i + 1).Select(other => (one, other))))
        {
            Assert.True(Math.Abs(one.X - other.X) >= NodeWidth || Math.Abs(one.Y - other.Y) >= NodeHeight, $"{one.Node.Id} and {other.Node.Id} overlap");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Arrows_go_from_box_to_box_at_right_angles_and_through_none(string kind)
    {
        var layout = Of(TopologyBuilder.Of(Pipelines[kind]));

        foreach (var edge in layout.Edges)
        {
            var (from, to) = (layout.Nodes.Single(node => node.Node.Id == edge.Edge.From), layout.Nodes.Single(node => node.Node.Id == edge.Edge.To));
            Assert.True(IsOnBorder(from, edge.Points[0]), $"{edge.Edge} begins at its box");
            Assert.Equal(to.X, edge.Points[^1].X);
            Assert.InRange(edge.Points[^1].Y, to.Y + 1, to.Y + NodeHeight - 1);
            foreach (var (start, end) in edge.Points.Zip(edge.Points.Skip(1)))
            {
                Assert.True(start.X == end.X || start.Y == end.Y, $"{edge.Edge} has a slant");
                Assert.DoesNotContain(layout.Nodes, node => Crosses(node, start, end));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Labels_lie_in_no_box_and_not_on_each_other(string kind)
    {
        var layout = Of(TopologyBuilder.Of(Pipelines[kind]));
        var labels = layout.Edges.Where(edge => edge.Edge.Flow != Flow.NotCounted).ToList();

        Assert.All(labels, label => Assert.DoesNotContain(
            layout.Nodes, node => label.LabelX > node.X && label.LabelX < node.X + NodeWidth && label.LabelY > node.Y && label.LabelY < node.Y + NodeHeight));
        Assert.All(labels.SelectMany((one, i) => labels.Skip(i + 1).Select(other => (one, other))), pair => Assert.True(
            Math.Abs(pair.one.LabelX - pair.other.LabelX) >= 40 || Math.Abs(pair.one.LabelY - pair.other.LabelY) >= 14, $"{pair.one.Edge} and {pair.other.Edge}"));
    }

    private static bool IsOnBorder(PlacedNode node, (int X, int Y) point) =>
        (point.X == node.X + NodeWidth && point.Y > node.Y && point.Y < node.Y + NodeHeight) || (point.Y == node.Y + NodeHeight && point.X > node.X && point.X < node.X + NodeWidth);

    private static bool Crosses(PlacedNode node, (int X, int Y) start, (int X, int Y) end)
    {
        var (left, right) = (Math.Min(start.X, end.X), Math.Max(start.X, end.X));
        var (top, bottom) = (Math.Min(start.Y, end.Y), Math.Max(start.Y, end.Y));
        return left < node.X + NodeWidth && right > node.X && top < node.Y + NodeHeight && bottom > node.Y;
    }
}
