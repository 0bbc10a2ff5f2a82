using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Pipelines;

/// <summary>Reads what a pipeline measures out of a record. The record's key is what it groups by.</summary>
/// <param name="key">The record's key; empty when it has none.</param>
/// <param name="value">The record's value; empty when it has none.</param>
/// <param name="measure">The value to be measured.</param>
/// <param name="eventTimeMs">When it happened, milliseconds since the Unix epoch.</param>
/// <returns>Null when the record is taken; else the reason why it is rejected, a stable word such as <c>malformed</c>.</returns>
public delegate string? RecordDecoder(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out long measure, out long eventTimeMs);

/// <summary>One windowed pipeline: where its events come from, how they are read and grouped, and where its outputs go.</summary>
/// <param name="Name">Its name: the consumer group, and the key of its rows.</param>
/// <param name="Source">The topic that it reads, keyed by what it groups by, so that a window of a key is whole in one partition.</param>
/// <param name="Windows">Its windows, and how long it waits for events.</param>
/// <param name="Decode">Reads a record.</param>
/// <param name="Results">Takes each closed window once.</param>
/// <param name="EncodeResult">A closed window and the generation as the value of a record; its key is the group key.</param>
/// <param name="Late">Takes events that came after their window had closed.</param>
/// <param name="DeadLetter">Takes records that are no acceptable event.</param>
public sealed record PipelineDefinition(
    string Name,
    TopicDeclaration Source,
    WindowPlan Windows,
    RecordDecoder Decode,
    TopicDeclaration Results,
    Func<WindowRow, int, byte[]> EncodeResult,
    TopicDeclaration Late,
    TopicDeclaration DeadLetter)
{
    /// <summary>What is measured in each window: the decoder's one number.</summary>
    public MeasurePlan Measures { get; } = new([new FieldSpec("amount", FieldKind.Number, Scale: 0, Unit: null)], [new MeasureSpec("count", MeasureKind.Count, -1)]);

    /// <summary>Everything that decides results, as one line of text. A change of it needs a new generation.</summary>
    public string Fingerprint => $"source={Source.Name} key=record-key {Windows.Fingerprint}";
}
