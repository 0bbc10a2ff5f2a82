using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Turns values into expressions and remembers what those refer to, so that it gets into the manifest too.</summary>
internal sealed class ManifestReferences
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<IResource> _unwritten = [];
    private readonly List<(string Name, ParameterResource Parameter, string Format)> _encoded = [];
    private readonly HashSet<(string Parameter, string Format)> _known = [];

    /// <summary>The resource has its place in the manifest.</summary>
    public void Written(IResource resource) => _names.Add(resource.Name);

    /// <summary>A resource that is referred to and has no place of its own in the model, such as a generated password; null when there is none left.</summary>
    public IResource? NextUnwritten() => _unwritten.TryDequeue(out var resource) ? resource : null;

    /// <summary>Takes the encoded forms of one parameter, or of all, that expressions ask for and that have not been written.</summary>
    public IReadOnlyList<(string Name, ParameterResource Parameter, string Format)> TakeEncoded(IResource? of)
    {
        var taken = _encoded.FindAll(encoded => of is null || encoded.Parameter == of);
        _encoded.RemoveAll(taken.Contains);
        return taken;
    }

    /// <summary>The expression of a value; what it refers to is noted.</summary>
    public string Expression(IManifestExpressionProvider value)
    {
        Note(value);
        return value is ReferenceExpression text ? Text(text) : value.ValueExpression;
    }

    private string Text(ReferenceExpression text) => string.Format(
        CultureInfo.InvariantCulture, text.Format, [.. text.ValueProviders.Select((hole, index) => Hole(hole, text.StringFormats[index]))]);

    private string Hole(IValueProvider hole, string? format) => hole switch
    {
        ParameterResource parameter when format is { Length: > 0 } => $"{{{Encoded(parameter, format)}.value}}",
        ReferenceExpression nested => Text(nested),
        IManifestExpressionProvider provider => provider.ValueExpression,
        _ => throw new DistributedApplicationException($"A value of type '{hole.GetType()}' has no expression in a manifest."),
    };

    private string Encoded(ParameterResource parameter, string format)
    {
        var name = $"{parameter.Name}-{format}-encoded";
        if (_known.Add((parameter.Name, format)))
        {
            _names.Add(name);
            _encoded.Add((name, parameter, format));
        }

        return name;
    }

    private void Note(object value)
    {
        if (value is IResource resource)
        {
            if (_names.Add(resource.Name))
            {
                _unwritten.Enqueue(resource);
            }
        }
        else if (value is IValueWithReferences { References: var references })
        {
            foreach (var reference in references)
            {
                Note(reference);
            }
        }
    }
}
