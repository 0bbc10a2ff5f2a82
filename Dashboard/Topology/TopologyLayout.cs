using System.Collections.Immutable;

namespace Streaming.Dashboard.Topology;

/// <summary>A box with its place, in pixels.</summary>
public sealed record PlacedNode(TopologyNode Node, int X, int Y);

/// <summary>An arrow with the points of its line and the place of its label, in pixels; the label is centred there.</summary>
public sealed record PlacedEdge(TopologyEdge Edge, ImmutableArray<(int X, int Y)> Points, int LabelX, int LabelY);

/// <summary>
/// Where everything of a graph lies: columns from left to right, rows from top to bottom, arrows at right angles. Pure; boxes never overlap, and no arrow runs
/// through a box.
/// </summary>
public sealed record TopologyLayout(ImmutableArray<PlacedNode> Nodes, ImmutableArray<PlacedEdge> Edges, int Width, int Height)
{
    /// <summary>Width of a box.</summary>
    public const int NodeWidth = 146;

    /// <summary>Height of a box.</summary>
    public const int NodeHeight = 48;

    /// <summary>Between two columns; a rate fits into it.</summary>
    public const int ColumnGap = 62;

    /// <summary>Between two rows.</summary>
    public const int RowGap = 18;

    /// <summary>How far apart two arrows are that end at one box, or leave it downwards.</summary>
    private const int Apart = 11;

    /// <summary>How far a label is above its line.</summary>
    private const int LabelLift = 9;

    /// <summary>Places a graph.</summary>
    public static TopologyLayout Of(TopologyGraph graph)
    {
        var placed = graph.Nodes.ToImmutableDictionary(
            node => node.Id, node => new PlacedNode(node, node.Column * (NodeWidth + ColumnGap), node.Row * (NodeHeight + RowGap)));
        return new TopologyLayout(
            [.. graph.Nodes.Select(node => placed[node.Id])],
            [.. graph.Edges.Select(edge => Place(graph, edge, placed[edge.From], placed[edge.To]))],
            (graph.Nodes.Max(node => node.Column) * (NodeWidth + ColumnGap)) + NodeWidth,
            (graph.Nodes.Max(node => node.Row) * (NodeHeight + RowGap)) + NodeHeight + 4);
    }

    private static PlacedEdge Place(TopologyGraph graph, TopologyEdge edge, PlacedNode from, PlacedNode to) =>
        from.Node.Row < to.Node.Row && from.Node.Kind == TopologyKind.Stage ? Below(edge, from, to)
        : from.Node.Row > to.Node.Row ? Above(edge, from, to)
        : Beside(edge, from, to, IsShared(graph, edge));

    /// <summary>Out of the right side, down or up in the gap, into the left side.</summary>
    private static PlacedEdge Beside(TopologyEdge edge, PlacedNode from, PlacedNode to, bool isShared)
    {
        var (left, right) = (from.X + NodeWidth, to.X);
        var (start, end) = (from.Y + (NodeHeight / 2), to.Y + (NodeHeight / 2) - (isShared ? Apart : 0));
        var turn = left + 12;
        ImmutableArray<(int, int)> points = start == end ? [(left, start), (right, end)] : [(left, start), (turn, start), (turn, end), (right, end)];
        return new PlacedEdge(edge, points, start == end ? (left + right) / 2 : (turn + right) / 2, end - LabelLift);
    }

    /// <summary>Out of the bottom of a stage, down to the row, into the left side: below everything that lies between.</summary>
    private static PlacedEdge Below(TopologyEdge edge, PlacedNode from, PlacedNode to)
    {
        var isNext = to.Node.Column == from.Node.Column + 1;
        var start = from.X + (NodeWidth / 2) + (isNext ? 2 * Apart : -2 * Apart);
        var end = to.Y + (NodeHeight / 2) + (isNext ? 0 : Apart);
        return new PlacedEdge(
            edge, [(start, from.Y + NodeHeight), (start, end), (to.X, end)], from.X + NodeWidth + (ColumnGap / 2), end - LabelLift);
    }

    /// <summary>Out of the right side, up in the gap, into the left side beneath what comes there already.</summary>
    private static PlacedEdge Above(TopologyEdge edge, PlacedNode from, PlacedNode to)
    {
        var (left, right) = (from.X + NodeWidth, to.X);
        var (start, end) = (from.Y + (NodeHeight / 2), to.Y + (NodeHeight / 2) + Apart);
        var turn = right - 14;
        return new PlacedEdge(edge, [(left, start), (turn, start), (turn, end), (right, end)], (left + turn) / 2, start - LabelLift);
    }

    /// <summary>Whether another arrow comes to the same box from further away.</summary>
    private static bool IsShared(TopologyGraph graph, TopologyEdge edge) => graph.Edges.Any(other => other != edge && other.To == edge.To && other.Flow == Flow.StageRejected);
}
