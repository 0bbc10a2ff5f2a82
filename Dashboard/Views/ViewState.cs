using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Streaming.Dashboard.Views;

/// <summary>What the chart measures.</summary>
public enum Measure
{
    /// <summary>The number of sales.</summary>
    Count,

    /// <summary>The amount, of stores with one currency.</summary>
    Amount,
}

/// <summary>
/// What a person has chosen to look at. All of it lies in the URL's query, so that a view can be sent to a colleague; what is not understood there
/// is ignored.
/// </summary>
public sealed record ViewState
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm'Z'";

    /// <summary>The live ranges on offer, by their name in the URL.</summary>
    public static ImmutableArray<(string Name, string Label, TimeSpan Length)> LiveRanges { get; } =
    [
        ("5m", "5 min", TimeSpan.FromMinutes(5)), ("15m", "15 min", TimeSpan.FromMinutes(15)), ("1h", "1 h", TimeSpan.FromHours(1)),
    ];

    /// <summary>How many of the newest windows a pipeline's page offers.</summary>
    public static ImmutableArray<int> LastChoices { get; } = [15, 30, 60];

    /// <summary>How many cities may be on the weather's charts at once.</summary>
    public const int MostPicked = 8;

    /// <summary>The longest past range: ten years. How much of it there is depends on how long results are kept.</summary>
    public static readonly TimeSpan LongestPast = TimeSpan.FromDays(3653);

    /// <summary>The first and the last year of which anything is shown: far enough from the ends of time that nobody's arithmetic reaches them.</summary>
    internal const int Earliest = 1900, Latest = 9000;

    // Characters of a value in the address.
    private const int MostText = 1024;

    /// <summary>The name of the live range that is shown, or was before a past one was chosen.</summary>
    public string Live { get; init; } = "15m";

    /// <summary>Start of a past range, UTC; null while live.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of a past range, UTC; null while live.</summary>
    public DateTimeOffset? To { get; init; }

    public Measure Measure { get; init; }

    /// <summary>The currency whose amounts are shown; null for the one with the most sales.</summary>
    public string? Currency { get; init; }

    /// <summary>Series that were switched off in the legend.</summary>
    public ImmutableSortedSet<string> Hidden { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The one store to show; null for all.</summary>
    public string? Store { get; init; }

    /// <summary>Of the shop: the product whose history is shown; null for the biggest mover.</summary>
    public string? Product { get; init; }

    /// <summary>Of the weather: the cities on the chart; none for those that the page chooses.</summary>
    public ImmutableArray<string> Picked { get; init; } = [];

    /// <summary>Of a pipeline: the kind of windows; null for its first.</summary>
    public string? Window { get; init; }

    /// <summary>Of a pipeline: the name of the measure on the chart; null for its first.</summary>
    public string? Of { get; init; }

    /// <summary>Of a pipeline: how many of the newest windows, one of <see cref="LastChoices"/>.</summary>
    public int Last { get; init; } = LastChoices[1];

    /// <summary>Of a pipeline: a part of the keys to show; null for all.</summary>
    public string? Find { get; init; }

    /// <summary>Of the map: whether the whole world is shown rather than where the stores are.</summary>
    public bool IsWorld { get; init; }

    /// <summary>Of alerts: whether those that are over are left out.</summary>
    public bool OnlyFiring { get; init; }

    /// <summary>Of the devices: the length of a live range, by its name; null for the page's own.</summary>
    public string? Span { get; init; }

    /// <summary>Of the devices: the one site to show; null for all.</summary>
    public string? Site { get; init; }

    /// <summary>Of the devices: the one whose connected periods are shown; null for none.</summary>
    public string? Device { get; init; }

    /// <summary>Of the devices: which to list; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>The column that the table is sorted by.</summary>
    public string Sort { get; init; } = "Start";

    public bool Ascending { get; init; }

    /// <summary>The table's page, from 1.</summary>
    public int Page { get; init; } = 1;

    public bool IsLive => From is null;

    /// <summary>The length of the live range.</summary>
    public TimeSpan LiveLength => LiveRanges.First(r => r.Name == Live).Length;

    /// <summary>Reads a query string such as <c>?range=1h&amp;store=zrh-1</c>.</summary>
    public static ViewState Parse(string? query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string? One(string key) => values.TryGetValue(key, out var value) && value.Count > 0 && IsText(value[0]) ? value[0] : null;

        var from = Instant(One("from"));
        var to = Instant(One("to"));
        var past = from < to && to - from <= LongestPast && from.Value.Year >= Earliest && to.Value.Year <= Latest;
        return new ViewState
        {
            Live = LiveRanges.Any(r => r.Name == One("range")) ? One("range")! : "15m",
            From = past ? from : null,
            To = past ? to : null,
            Measure = One("measure") == "amount" ? Measure.Amount : Measure.Count,
            Currency = One("currency") is { Length: 3 } currency ? currency : null,
            Hidden = values.TryGetValue("hide", out var hidden) ? [.. hidden.OfType<string>().Where(IsText).Take(20)] : [],
            Store = One("store"),
            Product = One("product") is { Length: > 0 and <= 1024 } product ? product : null,
            Picked = values.TryGetValue("pick", out var picked) ? [.. picked.OfType<string>().Where(p => p.Length is > 0 and <= 100 && IsText(p)).Distinct().Take(MostPicked)] : [],
            Window = One("window") is { Length: > 0 and <= 64 } window ? window : null,
            Of = One("of") is { Length: > 0 and <= 64 } of ? of : null,
            Last = int.TryParse(One("last"), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && LastChoices.Contains(last) ? last : LastChoices[1],
            Find = One("find") is { Length: > 0 and <= 100 } find ? find : null,
            IsWorld = One("map") == "world",
            OnlyFiring = One("only") == "firing",
            Span = One("span") is { Length: > 0 and <= 8 } span ? span : null,
            Site = One("site") is { Length: > 0 and <= 1024 } site ? site : null,
            Device = One("device") is { Length: > 0 and <= 1024 } device ? device : null,
            Only = One("state") is { Length: > 0 and <= 16 } state ? state : null,
            Sort = One("sort") is { Length: > 0 and <= 64 } sort ? sort : "Start",
            Ascending = One("dir") == "asc",
            Page = int.TryParse(One("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1,
        };
    }

    /// <summary>The query string that gives this state back; empty for the default one.</summary>
    public string ToQuery()
    {
        var values = new List<KeyValuePair<string, string?>>();
        void Add(string key, string? value, bool when)
        {
            if (when)
            {
                values.Add(new(key, value));
            }
        }

        Add("range", Live, Live != "15m");
        Add("from", From?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture), From is not null);
        Add("to", To?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture), To is not null);
        Add("measure", "amount", Measure == Measure.Amount);
        Add("currency", Currency, Currency is not null);
        foreach (var hidden in Hidden)
        {
            Add("hide", hidden, true);
        }

        Add("store", Store, Store is not null);
        Add("product", Product, Product is not null);
        foreach (var picked in Picked)
        {
            Add("pick", picked, true);
        }

        Add("window", Window, Window is not null);
        Add("of", Of, Of is not null);
        Add("last", Last.ToString(CultureInfo.InvariantCulture), Last != LastChoices[1]);
        Add("find", Find, Find is not null);
        Add("map", "world", IsWorld);
        Add("only", "firing", OnlyFiring);
        Add("span", Span, Span is not null);
        Add("site", Site, Site is not null);
        Add("device", Device, Device is not null);
        Add("state", Only, Only is not null);
        Add("sort", Sort, Sort != "Start");
        Add("dir", "asc", Ascending);
        Add("page", Page.ToString(CultureInfo.InvariantCulture), Page > 1);
        return QueryHelpers.AddQueryString("", values);
    }

    /// <summary>What goes along to another page: the range, not that page's filters.</summary>
    public ViewState ForNavigation() => new() { Live = Live, From = From, To = To };

    /// <summary>Switches a series on or off.</summary>
    public ViewState Toggle(string series) => this with { Hidden = Hidden.SymmetricExcept([series]) };

    // Sets compare by reference; two states are equal when they make the same URL.
    public bool Equals(ViewState? other) => other is not null && ToQuery() == other.ToQuery();

    public override int GetHashCode() => ToQuery().GetHashCode(StringComparison.Ordinal);

    // What no text of the database can be, or only to make a mockery of it.
    private static bool IsText(string? value) => value is { Length: <= MostText } && !value.Contains('\0', StringComparison.Ordinal);

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? new DateTimeOffset(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero)
            : null;
}
