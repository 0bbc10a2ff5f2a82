using Streaming.Contracts;

namespace Streaming.Producer.Scenarios;

/// <summary>A record on its way.</summary>
/// <param name="SentAt">When it is to be sent, UTC; one whose time has passed is sent at once.</param>
/// <param name="Topic">Where to.</param>
/// <param name="Key">Its key; null for none.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
public readonly record struct OutgoingRecord(DateTimeOffset SentAt, string Topic, byte[]? Key, byte[]? Value);

/// <summary>
/// What a scenario sends. Pure: all randomness comes from a seed, all time from the arguments; <see cref="ScenarioWorker{TScenario}"/> sends it. One instance for
/// each process, used by one thread.
/// </summary>
public interface IScenario
{
    /// <summary>Its name in <see cref="Contracts.Scenarios"/>.</summary>
    string Name { get; }

    /// <summary>What it sends, in words, for the log: <c>store sales</c>.</summary>
    string Title { get; }

    /// <summary>Its topics, which are there before the first record is sent. The first is the main one: when that has never held a record, history is sent.</summary>
    IReadOnlyList<TopicDeclaration> Topics { get; }

    /// <summary>How much history, by event time, a new topic is given; zero for none.</summary>
    TimeSpan History { get; }

    /// <summary>Records of compacted topics; sent first, and again when a topic had to be created anew.</summary>
    IEnumerable<OutgoingRecord> References();

    /// <summary>The endless records after <paramref name="start"/>, in the order in which they are sent.</summary>
    IEnumerable<OutgoingRecord> From(DateTimeOffset start);
}

/// <summary>A scenario that can also send as fast as it goes.</summary>
public interface IUnpacedScenario : IScenario
{
    /// <summary>Whether there is no pace to keep: <see cref="At"/> is asked, and no history sent.</summary>
    bool IsUnpaced { get; }

    /// <summary>One record that is sent at <paramref name="now"/>.</summary>
    OutgoingRecord At(DateTimeOffset now);
}

/// <summary>A scenario that has to ask others before its first record.</summary>
public interface IPreparedScenario : IScenario
{
    /// <summary>Done once, before anything else is asked of it but its name and topics.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);
}
