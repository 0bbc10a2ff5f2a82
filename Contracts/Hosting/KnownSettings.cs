using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Streaming.Contracts.Hosting;

/// <summary>
/// Finds settings that a service would pass over in silence, since no option has their name, and values that are not of their option's type. Compiled into the services
/// that need it, as <c>SchemaRegistryRegistration</c> is.
/// </summary>
internal static class KnownSettings
{
    private static readonly string[] s_secrets = ["secr", "pass", "key", "token"];

    /// <summary>What is wrong with what is configured below a section, one line each; empty when nothing is.</summary>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="section">The section, of which each key must be known.</param>
    /// <param name="options">The section itself and sections below it, and what each is bound to; null for a key that is read by itself.</param>
    public static IReadOnlyList<string> Troubles(IConfiguration configuration, string section, params (string Section, Type? Options)[] options)
    {
        var known = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, type) in options)
        {
            Add(known, path, type);
        }

        return [.. configuration.GetSection(section).AsEnumerable().Where(setting => setting.Value is not null && setting.Key.Length > section.Length)
            .Select(setting => Trouble(setting.Key, setting.Value!, known)).OfType<string>().Order(StringComparer.Ordinal)];
    }

    /// <summary>Writes the troubles to standard error and sets the exit code; false when there are some, and the service is not to start.</summary>
    public static bool AreFine(IConfiguration configuration, string section, params (string Section, Type? Options)[] options)
    {
        var troubles = Troubles(configuration, section, options);
        foreach (var trouble in troubles)
        {
            Console.Error.WriteLine(trouble);
        }

        Environment.ExitCode = troubles.Count > 0 ? 1 : Environment.ExitCode;
        return troubles.Count == 0;
    }

    private static void Add(Dictionary<string, Type> known, string path, Type? options)
    {
        if (options is null || IsValue(options) || typeof(IEnumerable).IsAssignableFrom(options))
        {
            known[path] = options ?? typeof(string);
            return;
        }

        foreach (var property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite || !IsValue(property.PropertyType)))
        {
            Add(known, $"{path}:{property.Name}", property.PropertyType);
        }
    }

    private static bool IsValue(Type type) => type.IsValueType || TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static string? Trouble(string key, string value, Dictionary<string, Type> known)
    {
        if (known.TryGetValue(key, out var type))
        {
            return type == typeof(string) || !IsValue(type) || value.Length == 0 || IsOf(type, value) ? null : $"{key} is {Show(key, value)}, which is no {Say(type)}.";
        }

        // A provider may give a section itself an empty value.
        if (value.Length == 0 && known.Keys.Any(name => name.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var isInCollection = known.Any(entry => !IsValue(entry.Value) && key.StartsWith($"{entry.Key}:", StringComparison.OrdinalIgnoreCase));
        // Without its value, which may be a secret under a misspelt name.
        return isInCollection ? null : $"{key} is no setting{Spelling.Hint(key, known.Keys)}";
    }

    /// <summary>What may be a secret is not shown.</summary>
    private static string Show(string key, string value) =>
        s_secrets.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)) ? "…" : $"'{value}'";

    private static bool IsOf(Type type, string value)
    {
        try
        {
            _ = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or NotSupportedException or OverflowException || exception.InnerException is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static string Say(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Int32 or TypeCode.Int64 => "whole number that fits",
        TypeCode.Double or TypeCode.Decimal => "number",
        TypeCode.Boolean => "'true' or 'false'",
        _ => (Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan) ? "duration (hh:mm:ss)" : type.Name,
    };
}
