using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>The panes of one key: all that it has, or none of them would be here.</summary>
internal sealed class KeyPanes(GroupKey key)
{
    public GroupKey Key { get; } = key;

    /// <summary>How many takes there had been when it was touched last.</summary>
    public int TouchedAt { get; set; }

    /// <summary>How many of its panes have changed since the last take.</summary>
    public int Changed { get; set; }

    public PaneSeries<KeyedPane> Series { get; } = new();
}

/// <summary>A pane that knows what the last take has seen of it.</summary>
internal sealed class KeyedPane(KeyPanes owner, Window window, Measured start = default) : Pane(window, start)
{
    public KeyPanes Owner { get; } = owner;

    /// <summary>The count at the last take; 0: it was never taken, so nobody has a row of it.</summary>
    public long TakenCount { get; set; } = start.Measures.Count;

    /// <summary>Its last window has closed, with all that was in it: no row of it is to be written.</summary>
    public bool IsGone { get; set; }

    public long NewEvents => Measures.Count - TakenCount;

    public WindowRow Row(WindowSpec of)
    {
        Measured value = Value();
        return new WindowRow(of, Window, Owner.Key, value.Measures, IsFinal: false) { IsPane = true, State = value.State, NewEvents = NewEvents };
    }
}
