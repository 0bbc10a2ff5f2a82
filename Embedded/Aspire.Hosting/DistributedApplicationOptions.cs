using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>How an application is built.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Command-line arguments, read as configuration.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; null for the one that was started.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost's folder; null for the one that its assembly was built from.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether no dashboard is served and no telemetry received; under a test that is so unless the test says otherwise.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Whether what the resources write goes to the application's log; always so when it is run.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Without effect: the resources listen on loopback only.</summary>
    public bool AllowUnsecuredTransport { get; set; }
}

/// <summary>What is done with the model.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It is run on this machine.</summary>
    Run,

    /// <summary>It is published.</summary>
    Publish,
}

/// <summary>What is done with the model, for those who describe it.</summary>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>What is done.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether it is run on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether it is published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

/// <summary>The application's model or its resources are at fault.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Without a message.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>With a message.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what it came from.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>A parameter has neither a configured value nor a default.</summary>
public class MissingParameterValueException : DistributedApplicationException
{
    /// <summary>Without a message.</summary>
    public MissingParameterValueException()
    {
    }

    /// <summary>With a message.</summary>
    public MissingParameterValueException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what it came from.</summary>
    public MissingParameterValueException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
