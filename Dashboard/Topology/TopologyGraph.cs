using System.Collections.Immutable;

namespace Streaming.Dashboard.Topology;

/// <summary>What a box of the topology stands for.</summary>
public enum TopologyKind
{
    /// <summary>A topic that is read.</summary>
    Topic,

    /// <summary>A compacted topic that events are joined with.</summary>
    Reference,

    /// <summary>A stage from topic to topic.</summary>
    Stage,

    /// <summary>The windows.</summary>
    Windows,

    /// <summary>The database that holds the results.</summary>
    Database,

    /// <summary>A topic that results go to.</summary>
    Output,

    /// <summary>Where events go that change no result: filtered, late, rejected.</summary>
    Aside,
}

/// <summary>What moves along an arrow, and so which counter tells its rate.</summary>
public enum Flow
{
    /// <summary>Nothing counts it.</summary>
    NotCounted,

    /// <summary>Records that the stage reads.</summary>
    StageTaken,

    /// <summary>Records that the stage publishes.</summary>
    StagePublished,

    /// <summary>Records that the stage passes over.</summary>
    StageFiltered,

    /// <summary>Records that the stage puts aside.</summary>
    StageRejected,

    /// <summary>Records that the windows read.</summary>
    Read,

    /// <summary>Events that count in windows.</summary>
    Counted,

    /// <summary>Events that the windows' filter passes over.</summary>
    Filtered,

    /// <summary>Events after their windows had closed.</summary>
    Late,

    /// <summary>Records that are no acceptable event.</summary>
    Rejected,

    /// <summary>Windows that became final.</summary>
    Closed,

    /// <summary>Alerts that began to fire or were resolved.</summary>
    Alerted,
}

/// <summary>A box.</summary>
/// <param name="Id">Unique in its graph.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Title">A topic's name, or what it does.</param>
/// <param name="Note">A line more.</param>
/// <param name="Column">Its place from left to right.</param>
/// <param name="Row">Its place from top to bottom.</param>
public sealed record TopologyNode(string Id, TopologyKind Kind, string Title, string Note, int Column, int Row);

/// <summary>An arrow.</summary>
public sealed record TopologyEdge(string From, string To, Flow Flow);

/// <summary>A pipeline as boxes and arrows.</summary>
public sealed record TopologyGraph(ImmutableArray<TopologyNode> Nodes, ImmutableArray<TopologyEdge> Edges)
{
    /// <summary>The box with this id.</summary>
    public TopologyNode Node(string id) => Nodes.First(node => node.Id == id);
}
