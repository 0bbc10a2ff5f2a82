using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with holes that are filled when the application runs.</summary>
public class ReferenceExpression : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    private readonly IManifestExpressionProvider[] _holes;

    private ReferenceExpression(string format, IManifestExpressionProvider[] holes, string?[] stringFormats)
    {
        Format = format;
        _holes = holes;
        StringFormats = stringFormats;
    }

    /// <summary>The text, as a composite format string.</summary>
    public string Format { get; }

    /// <summary>What fills the holes.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders => [.. _holes.Cast<IValueProvider>()];

    /// <summary>How each hole's value is written: <c>uri</c> for percent-encoded, null for as it is.</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <inheritdoc/>
    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, [.. _holes.Select(hole => hole.ValueExpression)]);

    IEnumerable<object> IValueWithReferences.References => _holes;

    /// <summary>Makes an expression of an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <summary>The text with every hole filled; null where a hole has no value.</summary>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var values = new object?[_holes.Length];
        for (var index = 0; index < values.Length; index++)
        {
            var value = await ((IValueProvider)_holes[index]).GetValueAsync(cancellationToken).ConfigureAwait(false);
            if (value is null)
            {
                return null;
            }

            values[index] = Write(value, StringFormats[index]);
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    private static string Write(string value, string? format) => format switch
    {
        null or "" => value,
        "uri" => Uri.EscapeDataString(value),
        _ => throw new FormatException($"The format '{format}' is unknown: only 'uri' is."),
    };

    /// <summary>Collects the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly System.Text.StringBuilder _format = new(literalLength);
        private readonly List<IManifestExpressionProvider> _holes = new(formattedCount);
        private readonly List<string?> _stringFormats = new(formattedCount);

        /// <summary>Adds fixed text.</summary>
        public readonly void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        /// <summary>Adds text that is known already.</summary>
        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        /// <summary>Adds text that is known already, written in a format.</summary>
        public readonly void AppendFormatted(string? value, string? format) => AppendLiteral(Write(value ?? "", format));

        /// <summary>Adds a hole.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, format: null);

        /// <summary>Adds a hole whose value is written in a format.</summary>
        public void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_holes.Count}}}");
            _holes.Add(valueProvider);
            _stringFormats.Add(format);
        }

        /// <summary>Adds a hole for a resource that is a value.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource);

        internal readonly ReferenceExpression Build() => new(_format.ToString(), [.. _holes], [.. _stringFormats]);
    }
}
