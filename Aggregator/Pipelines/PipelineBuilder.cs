using System.Runtime.CompilerServices;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Enrichment;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines;

/// <summary>
/// A pipeline that is being defined. Texts of lambdas go into the fingerprint, so that a changed filter or selector is noticed; code that they call is not seen:
/// when that changes results, raise <see cref="Version"/>.
/// </summary>
public sealed class PipelineBuilder<TEvent>
{
    private readonly PipelineParts _parts;
    private readonly EventDecoder<TEvent> _decode;
    private KeySelector<TEvent>? _key;
    private MeasuresBuilder<TEvent>? _measures;

    internal PipelineBuilder(string name, string title, SourceTopic source, EventDecoder<TEvent> decode, SourceLine line)
    {
        _parts = new PipelineParts(name, title, source, line);
        _parts.Step("source", source.Name, line);
        _decode = decode;
    }

    private PipelineBuilder(PipelineParts parts, EventDecoder<TEvent> decode) => (_parts, _decode) = (parts, decode);

    /// <summary>Passes over the events for which the condition does not hold; they are counted.</summary>
    public PipelineBuilder<TEvent> Where(
        Func<TEvent, bool> condition, [CallerArgumentExpression(nameof(condition))] string expression = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Before(new SourceLine(file, line), "filter", expression);
        var decode = _decode;
        return new PipelineBuilder<TEvent>(_parts, (in RecordBytes record, out TEvent e, out long eventTimeMs) =>
        {
            var decoding = decode(record, out e, out eventTimeMs);
            return decoding.IsTaken && !condition(e) ? Decoding.Filtered : decoding;
        });
    }

    /// <summary>Makes another event of each; its time stays.</summary>
    public PipelineBuilder<TOther> Map<TOther>(
        Func<TEvent, TOther> map, [CallerArgumentExpression(nameof(map))] string expression = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Before(new SourceLine(file, line), "map", expression);
        var decode = _decode;
        return new PipelineBuilder<TOther>(_parts, (in RecordBytes record, out TOther other, out long eventTimeMs) =>
        {
            var decoding = decode(record, out var e, out eventTimeMs);
            other = decoding.IsTaken ? map(e) : default!;
            return decoding;
        });
    }

    /// <summary>
    /// Joins each event with the row of a compacted topic and publishes what comes out as a topic of its own, in Kafka transactions; the windows read that topic.
    /// An event whose key is not there waits a little (<see cref="AggregatorOptions.EnrichmentWait"/>) and is then joined with nothing.
    /// </summary>
    /// <param name="reference">The compacted topic; every instance holds it in memory and follows it.</param>
    /// <param name="decodeRow">Reads a row of it.</param>
    /// <param name="key">The key to look up, as UTF-8 bytes.</param>
    /// <param name="join">The enriched event: from the event, its time and the row, which is null when there is none.</param>
    /// <param name="through">The topic that the enriched events go to, under the keys of their records.</param>
    /// <param name="codec">How enriched events are written and read.</param>
    /// <param name="expression">The compiler fills it in.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public PipelineBuilder<TEnriched> Enrich<TRow, TEnriched>(
        TopicDeclaration reference, RowDecoder<TRow> decodeRow, Func<TEvent, ReadOnlyMemory<byte>> key, Func<TEvent, DateTimeOffset, TRow?, TEnriched> join,
        TopicDeclaration through, EventCodec<TEnriched> codec, [CallerArgumentExpression(nameof(join))] string expression = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TRow : class
    {
        CheckBefore(new SourceLine(file, line), "an enrich");
        var decode = _decode;
        _parts.Stage(
            new ReferenceSource(reference, () => new ReferenceTable<TRow>(decodeRow)), through,
            table => new TypedEnricher<TEvent, TRow, TEnriched>(decode, key, join, codec.Encode, (ReferenceTable<TRow>)table!), expression, new SourceLine(file, line));
        return new PipelineBuilder<TEnriched>(_parts, codec.Decode);
    }

    /// <summary>
    /// Publishes the events, as the filters and maps before have left them, as a topic of its own, in Kafka transactions; the windows read that topic. Events that
    /// a filter passes over are not published; records that are no event go to the dead-letter topic.
    /// </summary>
    /// <param name="topic">The topic that the events go to, under the keys of their records.</param>
    /// <param name="codec">How they are written and read.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public PipelineBuilder<TEvent> Through(
        TopicDeclaration topic, EventCodec<TEvent> codec, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckBefore(new SourceLine(file, line), "a through");
        var decode = _decode;
        _parts.Stage(null, topic, _ => new TypedTransformer<TEvent>(decode, codec.Encode), null, new SourceLine(file, line));
        return new PipelineBuilder<TEvent>(_parts, codec.Decode);
    }

    /// <summary>Groups by the record's key, so that every window of a key is whole in one partition. Records without key are rejected.</summary>
    /// <param name="name">What the key is, for people.</param>
    /// <param name="knownBy">A reference topic whose keys are those that are to be expected; events of others are counted and named in the log.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public PipelineBuilder<TEvent> KeyedByRecord(
        string name, TopicDeclaration? knownBy = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _parts.KnownBy = knownBy;
        return Keyed(KeySelector<TEvent>.OfRecord, name, "record key", new SourceLine(file, line));
    }

    /// <summary>Groups by a text of the event: windows are partial in each partition and merged when they are read.</summary>
    public PipelineBuilder<TEvent> GroupBy(
        string name, Func<TEvent, string?> key, [CallerArgumentExpression(nameof(key))] string expression = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Keyed(new KeySelector<TEvent>(key, null), name, expression, new SourceLine(file, line));

    /// <summary>Groups by UTF-8 bytes of the event, such as a slice of the record: no text is made of them.</summary>
    public PipelineBuilder<TEvent> GroupByUtf8(
        string name, Func<TEvent, ReadOnlyMemory<byte>> key, [CallerArgumentExpression(nameof(key))] string expression = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Keyed(new KeySelector<TEvent>(null, key), name, expression, new SourceLine(file, line));

    /// <summary>The kinds of windows; every event goes into all of them, in one pass.</summary>
    public PipelineBuilder<TEvent> Windows(WindowSpec first, WindowSpec? second = null, WindowSpec? third = null, WindowSpec? fourth = null,
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        foreach (var window in new[] { first, second, third, fourth }.OfType<WindowSpec>())
        {
            _parts.AddWindow(window, new SourceLine(file, line));
        }

        return this;
    }

    /// <summary>
    /// How long the final windows of one kind are kept; the other kinds for <see cref="AggregatorOptions.ResultRetention"/>. Tumbling windows that say this are the
    /// levels of a roll-up: rows of a finer level go only when the coarser windows over them have closed. It decides no result, and is no part of the fingerprint.
    /// </summary>
    /// <param name="window">The name of a kind of windows.</param>
    /// <param name="retention">At least as long as one of its windows.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public PipelineBuilder<TEvent> Keep(string window, TimeSpan retention, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _parts.Keep(window, retention, new SourceLine(file, line));
        return this;
    }

    /// <summary>How long the windows wait for events.</summary>
    /// <param name="outOfOrderness">How far the watermark stays behind the largest event time seen.</param>
    /// <param name="grace">How long a window stays open after the watermark has reached its end; shorter than every window.</param>
    /// <param name="futureBound">How far an event time may be ahead of the broker's clock; 1 min when null.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public PipelineBuilder<TEvent> Waits(
        TimeSpan outOfOrderness, TimeSpan grace = default, TimeSpan? futureBound = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _parts.Waits = (outOfOrderness, grace, futureBound ?? TimeSpan.FromMinutes(1), new SourceLine(file, line));
        return this;
    }

    /// <summary>What is measured in each window.</summary>
    public PipelineBuilder<TEvent> Measures(Func<MeasuresBuilder<TEvent>, MeasuresBuilder<TEvent>> measures, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var at = new SourceLine(file, line);
        _measures = _parts.Check(at, () => measures(new MeasuresBuilder<TEvent>()));
        _parts.MeasuresLine = at;
        return this;
    }

    /// <summary>Sends each closed window downstream, once.</summary>
    /// <param name="results">The topic.</param>
    /// <param name="encode">A window as a record's value; when null, <see cref="WindowResultJson"/>.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public PipelineBuilder<TEvent> To(
        TopicDeclaration results, Func<WindowRow, int, byte[]>? encode = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _parts.Results = (results, encode, new SourceLine(file, line));
        return this;
    }

    /// <summary>Where events go that change no result. Without it: <c>NAME-late</c> and <c>NAME-dead-letter</c>.</summary>
    public PipelineBuilder<TEvent> PutAside(TopicDeclaration late, TopicDeclaration deadLetter, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _parts.Aside = (late, deadLetter, new SourceLine(file, line));
        return this;
    }

    /// <summary>
    /// Keeps the events themselves for a while too, in the table <c>events</c>, written by the checkpoint that takes them: single events can be shown, and windows
    /// recomputed by the database. An event counts as late there when its window of the first kind had closed. <c>Aggregator:KeepEvents</c> switches it off.
    /// </summary>
    /// <param name="retention">How long, by event time: 1 minute to 7 days.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public PipelineBuilder<TEvent> KeepEvents(TimeSpan retention, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _parts.KeptEvents = retention >= TimeSpan.FromMinutes(1) && retention <= TimeSpan.FromDays(7)
            ? retention
            : throw _parts.Wrong(new SourceLine(file, line), $"events are kept for 1 minute to 7 days, not for {retention:c}");
        return this;
    }

    /// <summary>Watches the closed windows of each key; <see cref="AlertRules"/> makes rules.</summary>
    public PipelineBuilder<TEvent> Alert(AlertRule rule, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        _parts.AddAlert(rule, new SourceLine(file, line));
        return this;
    }

    /// <summary>To be raised when code that the lambdas call has changed in a way that changes results: the pipeline then asks for a replay.</summary>
    public PipelineBuilder<TEvent> Version(int version)
    {
        _parts.Version = version;
        return this;
    }

    /// <summary>Checks the whole and gives what the Aggregator runs.</summary>
    /// <exception cref="PipelineDefinitionException">Something is missing or makes no sense.</exception>
    public PipelineDefinition Define([CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var end = new SourceLine(file, line);
        var key = _key ?? throw _parts.Wrong(end, "there is no key: KeyedByRecord(…) or GroupBy(…)");
        var measures = _measures ?? throw _parts.Wrong(end, "nothing is measured: Measures(…)");
        var (plan, selectors, text) = _parts.Check(_parts.MeasuresLine, measures.Build);
        var decode = _decode;
        return _parts.Define(plan, text, () => new TypedReader<TEvent>(decode, key, plan.Fields, selectors), end);
    }

    private void Before(SourceLine line, string kind, string expression)
    {
        CheckBefore(line, $"a {kind}");
        _parts.Step(kind, expression, line);
    }

    private void CheckBefore(SourceLine line, string kind)
    {
        if (_key is not null || _measures is not null)
        {
            throw _parts.Wrong(line, $"{kind} comes before the key and the measures");
        }
    }

    private PipelineBuilder<TEvent> Keyed(KeySelector<TEvent> key, string name, string expression, SourceLine line)
    {
        if (_key is not null)
        {
            throw _parts.Wrong(line, "it has a key already");
        }

        _key = key;
        _parts.Key = name;
        _parts.IsKeyedByRecord = key == KeySelector<TEvent>.OfRecord;
        _parts.Step("key", expression, line);
        return this;
    }
}
