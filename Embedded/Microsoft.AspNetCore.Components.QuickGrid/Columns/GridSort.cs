using System.Linq.Expressions;
using Microsoft.AspNetCore.Components.QuickGrid.Infrastructure;

namespace Microsoft.AspNetCore.Components.QuickGrid;

/// <summary>A sort order over <typeparamref name="TGridItem"/>: a first key and any number of further ones.</summary>
/// <typeparam name="TGridItem">The type of a row.</typeparam>
public sealed class GridSort<TGridItem>
{
    private readonly List<Key> _keys = [];

    private GridSort(Key first) => _keys.Add(first);

    /// <summary>Starts an ascending order by <paramref name="expression"/>.</summary>
    public static GridSort<TGridItem> ByAscending<U>(Expression<Func<TGridItem, U>> expression) => new(Key.Of(expression, ascending: true));

    /// <summary>Starts a descending order by <paramref name="expression"/>.</summary>
    public static GridSort<TGridItem> ByDescending<U>(Expression<Func<TGridItem, U>> expression) => new(Key.Of(expression, ascending: false));

    /// <summary>Adds an ascending key for rows that are equal so far.</summary>
    public GridSort<TGridItem> ThenAscending<U>(Expression<Func<TGridItem, U>> expression) => Then(Key.Of(expression, ascending: true));

    /// <summary>Adds a descending key for rows that are equal so far.</summary>
    public GridSort<TGridItem> ThenDescending<U>(Expression<Func<TGridItem, U>> expression) => Then(Key.Of(expression, ascending: false));

    internal IOrderedQueryable<TGridItem> Apply(IQueryable<TGridItem> source, bool ascending)
    {
        var ordered = _keys[0].First(source, _keys[0].Ascending == ascending);
        foreach (var key in _keys.Skip(1))
        {
            ordered = key.Next(ordered, key.Ascending == ascending);
        }

        return ordered;
    }

    internal IReadOnlyCollection<SortedProperty> ToPropertyList(bool ascending) => [.. _keys.Select(key => new SortedProperty
    {
        PropertyName = key.Property(),
        Direction = key.Ascending == ascending ? SortDirection.Ascending : SortDirection.Descending,
    })];

    private GridSort<TGridItem> Then(Key key)
    {
        _keys.Add(key);
        return this;
    }

    /// <summary>One key; <c>Ascending</c> is its direction while the whole order is applied ascending.</summary>
    private sealed record Key(
        bool Ascending,
        Func<IQueryable<TGridItem>, bool, IOrderedQueryable<TGridItem>> First,
        Func<IOrderedQueryable<TGridItem>, bool, IOrderedQueryable<TGridItem>> Next,
        Func<string> Property)
    {
        public static Key Of<U>(Expression<Func<TGridItem, U>> expression, bool ascending) => new(
            ascending,
            (source, up) => up ? source.OrderBy(expression) : source.OrderByDescending(expression),
            (source, up) => up ? source.ThenBy(expression) : source.ThenByDescending(expression),
            () => PropertyPath.Of(expression));
    }
}
