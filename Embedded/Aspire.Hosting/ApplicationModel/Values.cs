namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known once the application runs: a port, a password, a connection string.</summary>
public interface IValueProvider
{
    /// <summary>The value, awaited where it is not known yet.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as a given caller sees it.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}

/// <summary>A value that has a place-holder in a manifest.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The place-holder, for example <c>{kafka.connectionString}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value that is made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>What it is made of.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>The application's mode.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that asks.</summary>
    public IResource? Caller { get; init; }
}
