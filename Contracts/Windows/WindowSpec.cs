using System.Text.Json.Serialization;

namespace Streaming.Contracts.Windows;

/// <summary>
/// One kind of window of a pipeline. Its name is part of each result's key, so it is stable: by default it is made of what the windows are
/// (<c>1m</c>, <c>5m/1m</c>). Every duration is a whole number of milliseconds, more than zero, at most <see cref="WindowSpecs.Longest"/>.
/// </summary>
/// <param name="Name">Unique in its pipeline.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TumblingWindows), "tumbling")]
[JsonDerivedType(typeof(HoppingWindows), "hopping")]
[JsonDerivedType(typeof(CumulativeWindows), "cumulative")]
[JsonDerivedType(typeof(SessionWindows), "session")]
[JsonDerivedType(typeof(CalendarDays), "days")]
public abstract record WindowSpec(string Name);

/// <summary>Windows of one size that touch and do not overlap, aligned to the Unix epoch plus an offset.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Size">Length of a window.</param>
/// <param name="Offset">Shift of every start from the epoch; at least zero, less than <paramref name="Size"/>.</param>
public sealed record TumblingWindows(string Name, TimeSpan Size, TimeSpan Offset) : WindowSpec(Name);

/// <summary>
/// Windows of one size of which a new one starts with every hop, so that an event is in several. Kept as panes of the greatest common divisor of size
/// and hop: the state holds panes, and only a window that closes becomes a row.
/// </summary>
/// <param name="Name">Their name.</param>
/// <param name="Size">Length of a window; greater than <paramref name="Hop"/>.</param>
/// <param name="Hop">From one start to the next.</param>
/// <param name="Offset">Shift of every start from the epoch; at least zero, less than <paramref name="Hop"/>.</param>
public sealed record HoppingWindows(string Name, TimeSpan Size, TimeSpan Hop, TimeSpan Offset) : WindowSpec(Name);

/// <summary>
/// Windows that share a start and grow by one step each until they have the full size: the day so far, every hour. Kept as panes of one step.
/// </summary>
/// <param name="Name">Their name.</param>
/// <param name="Size">Length of the longest; a multiple of <paramref name="Step"/>, and greater.</param>
/// <param name="Step">By how much each is longer than the one before.</param>
/// <param name="Offset">Shift of every start from the epoch; at least zero, less than <paramref name="Size"/>.</param>
public sealed record CumulativeWindows(string Name, TimeSpan Size, TimeSpan Step, TimeSpan Offset) : WindowSpec(Name);

/// <summary>
/// One window for each burst of a key's events: from its first event to its last plus the gap. Two bursts that an event joins become one window, and the
/// rows of the two cease to be.
/// </summary>
/// <param name="Name">Their name.</param>
/// <param name="Gap">Silence of this length ends a session.</param>
public sealed record SessionWindows(string Name, TimeSpan Gap) : WindowSpec(Name);

/// <summary>The days of a calendar in a time zone: 23, 24 or 25 hours long, or whatever the zone's rules make of them.</summary>
/// <param name="Name">Their name.</param>
/// <param name="TimeZone">IANA id, such as <c>Europe/Zurich</c>.</param>
public sealed record CalendarDays(string Name, string TimeZone) : WindowSpec(Name);
