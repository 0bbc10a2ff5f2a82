namespace Streaming.Contracts.SchemaRegistry;

/// <summary>The registry did not answer, or not as a registry does: away, overloaded, other credentials needed, another server. Trying again may help.</summary>
public sealed class SchemaRegistryException : Exception
{
    /// <summary>Says what happened.</summary>
    public SchemaRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Says what happened, and what it came from.</summary>
    public SchemaRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serializers.</summary>
    public SchemaRegistryException()
    {
    }
}

/// <summary>The registry will not take a schema: it is not compatible with the subject's newest, or none at all. Trying again will not help.</summary>
public sealed class SchemaRefusedException : Exception
{
    /// <summary>Names the subject and the registry's reason.</summary>
    public SchemaRefusedException(string subject, string reason)
        : base($"The schema registry refused the schema for subject '{subject}': {reason}") => (Subject, Reason) = (subject, reason);

    /// <summary>Says why.</summary>
    public SchemaRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came from.</summary>
    public SchemaRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serializers.</summary>
    public SchemaRefusedException()
    {
    }

    /// <summary>The subject.</summary>
    public string Subject { get; } = "";

    /// <summary>The registry's words.</summary>
    public string Reason { get; } = "";
}
