using System.Text.Json;

namespace Streaming.Tests.Shared.Manifests;

/// <summary>
/// What Aspire's manifest must be: the rules of its public schema (<c>aspire-8.0.json</c>) for the types of resources that occur here, and what a schema
/// cannot say: every expression points at something in the manifest, every path at a file.
/// </summary>
internal static class ManifestRules
{
    private static readonly Dictionary<string, (string[] Required, string[] Allowed)> s_types = new()
    {
        ["project.v0"] = (["path"], ["path", "args", "env", "bindings", "containerFiles"]),
        ["project.v1"] = (["path"], ["path", "args", "env", "bindings", "containerFiles", "deployment"]),
        ["container.v0"] = (["image"], ["image", "entrypoint", "args", "connectionString", "env", "bindings", "bindMounts", "volumes", "containerFiles"]),
        ["container.v1"] = ([], ["image", "build", "entrypoint", "args", "connectionString", "env", "bindings", "bindMounts", "volumes", "containerFiles", "deployment"]),
        ["parameter.v0"] = (["value", "inputs"], ["value", "inputs", "connectionString"]),
        ["value.v0"] = (["connectionString"], ["connectionString"]),
        ["annotated.string"] = (["value", "filter"], ["value", "filter"]),
        ["azure.bicep.v0"] = (["path"], ["path", "params", "connectionString"]),
    };

    private static readonly Dictionary<string, string[]> s_ofBinding = new()
    {
        ["scheme"] = ["http", "https", "tcp", "udp"],
        ["protocol"] = ["tcp", "udp"],
        ["transport"] = ["http", "http2", "tcp"],
    };

    /// <summary>What is wrong with a manifest that lies in a folder; nothing when it is right.</summary>
    public static IReadOnlyList<string> Violations(JsonElement manifest, string folder)
    {
        if (!manifest.TryGetProperty("resources", out var resources) || resources.ValueKind != JsonValueKind.Object)
        {
            return ["there are no resources"];
        }

        var wrong = new List<string>();
        if (manifest.EnumerateObject().Any(property => property.Name is not "$schema" and not "resources"))
        {
            wrong.Add("there is more than $schema and resources");
        }

        foreach (var resource in resources.EnumerateObject())
        {
            wrong.AddRange(OfResource(resource.Value, folder).Concat(ManifestExpressions.Unresolved(resource.Value, resources)).Select(what => $"{resource.Name}: {what}"));
        }

        return wrong;
    }

    private static IEnumerable<string> OfResource(JsonElement resource, string folder)
    {
        var type = resource.TryGetProperty("type", out var named) ? named.GetString()! : "";
        if (!s_types.TryGetValue(type, out var rule))
        {
            yield return $"the type '{type}' is unknown";
            yield break;
        }

        foreach (var missing in rule.Required.Where(name => !resource.TryGetProperty(name, out _)))
        {
            yield return $"'{missing}' is missing";
        }

        foreach (var property in resource.EnumerateObject().Where(property => property.Name != "type"))
        {
            foreach (var what in rule.Allowed.Contains(property.Name) ? OfProperty(property, folder) : [$"'{property.Name}' is not allowed"])
            {
                yield return what;
            }
        }
    }

    private static IEnumerable<string> OfProperty(JsonProperty property, string folder) => property.Name switch
    {
        "env" => property.Value.EnumerateObject().Where(variable => variable.Value.ValueKind != JsonValueKind.String).Select(variable => $"env '{variable.Name}' is no text"),
        "bindings" => property.Value.EnumerateObject().SelectMany(binding => OfBinding(binding.Value).Select(what => $"binding '{binding.Name}': {what}")),
        "volumes" => property.Value.EnumerateArray().SelectMany(OfVolume),
        "inputs" => property.Value.EnumerateObject().SelectMany(input => OfInput(input.Value)),
        "filter" => property.Value.GetString() == "uri" ? [] : ["the filter is not 'uri'"],
        "path" => OfPath(property.Value.GetString()!, folder),
        "args" or "bindMounts" or "containerFiles" or "deployment" or "build" or "params" => [],
        _ => property.Value.ValueKind == JsonValueKind.String ? [] : [$"'{property.Name}' is no text"],
    };

    private static IEnumerable<string> OfPath(string path, string folder)
    {
        if (Path.IsPathRooted(path) || path.Contains('\\', StringComparison.Ordinal))
        {
            yield return $"the path '{path}' is not relative, with slashes";
        }
        else if (!File.Exists(Path.Combine(folder, path)))
        {
            yield return $"nothing is at the path '{path}'";
        }
    }

    private static IEnumerable<string> OfBinding(JsonElement binding)
    {
        foreach (var (name, allowed) in s_ofBinding)
        {
            if (!binding.TryGetProperty(name, out var value) || !allowed.Contains(value.GetString()))
            {
                yield return $"'{name}' is none of {string.Join(", ", allowed)}";
            }
        }

        foreach (var property in binding.EnumerateObject().Where(property => !s_ofBinding.ContainsKey(property.Name)))
        {
            var isRight = property.Name switch
            {
                "external" => property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "port" or "targetPort" => property.Value.TryGetInt32(out var port) && port is > 0 and <= 65535,
                _ => false,
            };
            if (!isRight)
            {
                yield return $"'{property.Name}' is not allowed, or not as it is";
            }
        }
    }

    private static IEnumerable<string> OfVolume(JsonElement volume)
    {
        string[] names = ["name", "target", "readOnly"];
        return volume.EnumerateObject().Select(property => property.Name).Order().SequenceEqual(names.Order()) ? [] : ["a volume has other properties than name, target, readOnly"];
    }

    private static IEnumerable<string> OfInput(JsonElement input)
    {
        if (!input.TryGetProperty("type", out var type) || type.GetString() != "string")
        {
            yield return "an input's type is not 'string'";
        }

        var isSecret = input.TryGetProperty("secret", out var secret) && secret.GetBoolean();
        if (isSecret && input.TryGetProperty("default", out var byDefault) && byDefault.TryGetProperty("value", out _))
        {
            yield return "a secret's value stands in the manifest";
        }
    }
}
