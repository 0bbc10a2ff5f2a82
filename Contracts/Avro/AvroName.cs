using System.Buffers;

namespace Streaming.Contracts.Avro;

/// <summary>A type's name with its namespace, which is empty for none.</summary>
internal readonly record struct AvroName(string Name, string Namespace)
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";

    /// <summary>A dotted text carries its own namespace; any other is in the one given.</summary>
    public static AvroName Of(string text, string space)
    {
        var dot = text.LastIndexOf('.');
        return dot < 0 ? new AvroName(text, space) : new AvroName(text[(dot + 1)..], text[..dot]);
    }

    /// <summary>Names of types, fields and symbols: <c>[A-Za-z_][A-Za-z0-9_]*</c>.</summary>
    public static bool IsGood(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(Letters);
}
