using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Otlp;

namespace Aspire.Hosting.Dashboard;

/// <summary>The environment that each replica was started with, as it may be seen: what is secret is masked before it is kept.</summary>
internal sealed partial class Secrets
{
    public const string Mask = "●●●●●●●●";
    private readonly ConcurrentDictionary<string, Tag[]> _environments = new();

    /// <summary>The variables that the application's model gives to a replica.</summary>
    public Tag[] EnvironmentOf(string replicaId) => _environments.GetValueOrDefault(replicaId) ?? [];

    /// <summary>Keeps what a replica is started with, as the model says it (texts, or values made of others, parameters among them) and as texts.</summary>
    public async Task RememberAsync(string replicaId, Dictionary<string, object> variables, IDictionary<string, string?> resolved, CancellationToken cancellationToken)
    {
        var shown = new List<Tag>();
        foreach (var (name, value) in variables.OrderBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase))
        {
            var text = resolved[name] ?? "";
            foreach (var parameter in SecretsOf(value))
            {
                var secret = await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
                text = secret is { Length: >= 4 } ? text.Replace(secret, Mask, StringComparison.Ordinal) : Mask;
            }

            shown.Add(new Tag(name, MaskVariable(name, text)));
        }

        _environments[replicaId] = [.. shown];
    }

    /// <summary>A variable whose name says that it is secret is masked wholly.</summary>
    public static string MaskVariable(string name, string value) => SecretName().IsMatch(name) && value.Length > 0 ? Mask : MaskText(value);

    /// <summary>Masks passwords, keys and tokens inside a text: in connection strings, queries and the user part of a URL.</summary>
    public static string MaskText(string text) => text.Length < 6 ? text : UserInfo().Replace(Assignment().Replace(text, $"$1{Mask}"), $"$1{Mask}@");

    /// <summary>What a value is made of may lead back to itself: an endpoint to its resource, that one to its endpoint.</summary>
    private static List<ParameterResource> SecretsOf(object value)
    {
        var seen = new HashSet<object> { value };
        var open = new Queue<object>(seen);
        while (open.TryDequeue(out var next))
        {
            (next as IValueWithReferences)?.References.Where(seen.Add).ToList().ForEach(open.Enqueue);
        }

        return [.. seen.OfType<ParameterResource>().Where(parameter => parameter.Secret)];
    }

    [GeneratedRegex("passw(or)?d|pwd|secret|token|credential|api_?key|access_?key|private_?key|otlp_headers|sasl_?jaas", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("""((?:password|passwd|pwd|secret|token|api[-_]?key|accountkey|accesskey|access[-_]key)["']?\s*=\s*)("[^"]*"|'[^']*'|[^;&\r\n]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(://[^:/@\s]*:)[^@/\s]+@")]
    private static partial Regex UserInfo();
}
