namespace Streaming.Topics.Output;

/// <summary>A table of results.</summary>
/// <param name="Title">What it shows; null for a table that says so itself.</param>
internal sealed record Sheet(string? Title, IReadOnlyList<Column> Columns, IReadOnlyList<object?[]> Rows);

/// <summary>A column; numbers stand on the right.</summary>
internal sealed record Column(string Title, bool IsNumber = false)
{
    public static implicit operator Column(string title) => new(title);

    public static Column Number(string title) => new(title, IsNumber: true);
}
