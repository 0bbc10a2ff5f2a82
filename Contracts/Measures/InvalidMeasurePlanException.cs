namespace Streaming.Contracts.Measures;

/// <summary>A plan that makes no sense; the message names the field or the measure, and why.</summary>
public sealed class InvalidMeasurePlanException : Exception
{
    /// <param name="message">Which field or measure, and why.</param>
    /// <param name="cause">What made the text unreadable, if that is it.</param>
    public InvalidMeasurePlanException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
