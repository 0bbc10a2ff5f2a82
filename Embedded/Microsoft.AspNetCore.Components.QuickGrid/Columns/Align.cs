namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>Where a column's content stands inside its cells.</summary>
public enum Align
{
    /// <summary>At the start of the line, by the reading direction.</summary>
    Start,

    /// <summary>In the middle.</summary>
    Center,

    /// <summary>At the end of the line, by the reading direction.</summary>
    End,

    /// <summary>On the left.</summary>
    Left,

    /// <summary>On the right.</summary>
    Right,
}
