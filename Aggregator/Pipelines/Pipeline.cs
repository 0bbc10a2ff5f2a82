using System.Buffers;
using System.Runtime.CompilerServices;
using Streaming.Contracts;

namespace Streaming.Aggregator.Pipelines;

/// <summary>
/// Where the definition of a pipeline begins. It reads from top to bottom: source, filter and map, key, windows, measures, outputs, alert rules;
/// <see cref="PipelineBuilder{TEvent}.Define"/> checks the whole.
/// </summary>
public static class Pipeline
{
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Names a pipeline.</summary>
    /// <param name="name">Stable: the key of its rows and its consumer group. Lower-case letters, digits, hyphens.</param>
    /// <param name="title">For people.</param>
    /// <param name="file">The compiler fills it in.</param>
    /// <param name="line">The compiler fills it in.</param>
    public static NamedPipeline Named(string name, string title, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        name.Length is 0 or > 64 || name.AsSpan().ContainsAnyExcept(NameLetters)
            ? throw new PipelineDefinitionException(name, new SourceLine(file, line), "a name has 1 to 64 lower-case letters, digits and hyphens")
            : new NamedPipeline(name, title);
}

/// <summary>A pipeline that has a name and no source yet.</summary>
public sealed class NamedPipeline
{
    private readonly string _name;
    private readonly string _title;

    internal NamedPipeline(string name, string title) => (_name, _title) = (name, title);

    /// <summary>Reads a topic of this application, which is created if it is not there.</summary>
    public PipelineBuilder<TEvent> From<TEvent>(
        TopicDeclaration topic, EventDecoder<TEvent> decode, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(_name, _title, new SourceTopic(topic.Name, topic, topic.IsTransactional), decode, new SourceLine(file, line));

    /// <summary>Reads somebody else's topic, which is waited for and never created or altered.</summary>
    public PipelineBuilder<TEvent> From<TEvent>(
        string topic, EventDecoder<TEvent> decode, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        new(_name, _title, new SourceTopic(topic, null), decode, new SourceLine(file, line));
}
