namespace Streaming.Producer.Import;

/// <summary>The import cannot begin or go on; the message says why, for a person, without a full stop.</summary>
public sealed class ImportException : Exception
{
    /// <summary>With what a person is told.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>With what a person is told, and the cause.</summary>
    public ImportException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Without a word; for the framework.</summary>
    public ImportException()
    {
    }
}
