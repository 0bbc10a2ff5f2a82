using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside, or one that is generated: a password, a key, a setting.</summary>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IManifestExpressionProvider, IValueProvider
{
    private string? _value;

    /// <summary>Whether it must not be shown.</summary>
    public bool Secret { get; } = secret;

    /// <summary>Where the value comes from when none is configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value; asked for once.</summary>
    /// <exception cref="MissingParameterValueException">Nothing is configured and there is no default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        lock (Annotations)
        {
            return new ValueTask<string?>(_value ??= callback(Default));
        }
    }
}

/// <summary>Where a parameter's value comes from when none is configured.</summary>
public abstract class ParameterDefault
{
    /// <summary>A value; a new one each time where it is generated.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A random password of letters and digits.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>How many characters at least.</summary>
    public int MinLength { get; set; } = 22;

    /// <inheritdoc/>
    public override string GetDefaultValue() =>
        RandomNumberGenerator.GetString("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", MinLength);
}

/// <summary>A value that is known, and no secret.</summary>
internal sealed class ConstantParameterDefault(string value) : ParameterDefault
{
    public override string GetDefaultValue() => value;
}
