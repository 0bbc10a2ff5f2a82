using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>The panes of one key.</summary>
internal sealed class KeyPanes(GroupKey key)
{
    public GroupKey Key { get; } = key;

    /// <summary>Of how many panes the states are not here.</summary>
    public int Evicted { get; set; }

    public PaneSeries<KeyedPane> Series { get; } = new();
}

/// <summary>A pane that knows what the last take has seen of it.</summary>
internal sealed class KeyedPane(KeyPanes owner, Window window, Measured start = default) : Pane(window, start)
{
    public KeyPanes Owner { get; } = owner;

    /// <summary>The count at the last take; 0: it was never taken, so nobody has a row of it.</summary>
    public long TakenCount { get; set; } = start.Measures.Count;

    /// <summary>How many takes there had been when it was touched first after a take.</summary>
    public int TouchedAt { get; set; }

    /// <summary>Its last window has closed.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether its state is stored as it is here, so that it need not be here.</summary>
    public bool IsEvictable => NewEvents == 0 && !IsPart && StateBytes > 0;

    public long NewEvents => Measures.Count - TakenCount;

    public WindowRow Row(WindowSpec of)
    {
        Measured value = Value();
        return new WindowRow(of, Window, Owner.Key, value.Measures, IsFinal: false) { IsPane = true, State = value.State, NewEvents = NewEvents };
    }
}
