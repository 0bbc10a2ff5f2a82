namespace Streaming.Contracts.Measures;

/// <summary>Bytes that are no state of the plan, or a state that cannot belong to the columns beside it.</summary>
/// <param name="message">What is wrong.</param>
public sealed class MeasureStateException(string message) : Exception(message);
