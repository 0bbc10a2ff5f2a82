using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streaming.Tests.Shared.Manifests;

/// <summary>The expressions of a manifest: <c>{resource.path}</c>, anywhere in a text.</summary>
internal static partial class ManifestExpressions
{
    /// <summary>The expressions of a resource that point at nothing.</summary>
    public static IEnumerable<string> Unresolved(JsonElement resource, JsonElement resources) => Texts(resource)
        .SelectMany(text => Expression().Matches(text))
        .Where(expression => !Resolves(expression.Groups[1].Value, expression.Groups[2].Value, resources))
        .Select(expression => $"'{expression.Value}' points at nothing");

    /// <summary>Every text in a value, however deep.</summary>
    public static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => Texts(property.Value)),
        _ => [],
    };

    private static bool Resolves(string name, string path, JsonElement resources)
    {
        if (!resources.TryGetProperty(name, out var resource))
        {
            return false;
        }

        return path.Split('.') switch
        {
            ["value"] or ["connectionString"] => resource.TryGetProperty(path, out _),
            ["inputs", var input] => resource.TryGetProperty("inputs", out var inputs) && inputs.TryGetProperty(input, out _),
            ["bindings", var binding, "host" or "port" or "url" or "scheme" or "targetPort"] =>
                resource.TryGetProperty("bindings", out var bindings) && bindings.TryGetProperty(binding, out _),
            ["outputs" or "secrets", _] => resource.GetProperty("type").GetString() == "azure.bicep.v0",
            ["containerImage"] or ["containerPort"] => resource.GetProperty("type").GetString() == "project.v1",
            _ => false,
        };
    }

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9-]*)\.([^{}]+)\}")]
    private static partial Regex Expression();
}
