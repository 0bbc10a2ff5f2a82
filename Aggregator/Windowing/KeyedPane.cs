using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>The panes of one key.</summary>
internal sealed class KeyPanes(GroupKey key)
{
    public GroupKey Key { get; } = key;

    public PaneSeries<KeyedPane> Series { get; } = new();
}

/// <summary>A pane that knows what the last take has seen of it.</summary>
internal sealed class KeyedPane(KeyPanes owner, Window window, Measured start = default) : Pane(window, start)
{
    public KeyPanes Owner { get; } = owner;

    /// <summary>The count at the last take; 0: it was never taken, so nobody has a row of it.</summary>
    public long TakenCount { get; set; } = start.Measures.Count;

    /// <summary>Its last window has closed.</summary>
    public bool IsGone { get; set; }

    public long NewEvents => Measures.Count - TakenCount;

    public WindowRow Row(WindowSpec of)
    {
        Measured value = Value();
        return new WindowRow(of, Window, Owner.Key, value.Measures, IsFinal: false) { IsPane = true, State = value.State, NewEvents = NewEvents };
    }
}
