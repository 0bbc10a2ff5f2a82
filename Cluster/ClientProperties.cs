using System.Text;
using System.Text.RegularExpressions;

namespace Streaming.Cluster;

/// <summary>
/// A client's settings as Java's clients have them in a <c>.properties</c> file, for librdkafka. Settings of Java that have another name here are
/// translated, those that mean nothing here are left out and told; anything else is handed on as it is, so that librdkafka's own names work too.
/// </summary>
public sealed partial class ClientProperties
{
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["sasl.mechanism"] = "sasl.mechanisms",
        ["ssl.truststore.certificates"] = "ssl.ca.pem",
        ["ssl.keystore.certificate.chain"] = "ssl.certificate.pem",
        ["ssl.keystore.key"] = "ssl.key.pem",
        ["ssl.cipher.suites"] = "ssl.cipher.suites",
    };

    private static readonly HashSet<string> Schema = ["schema.registry.url", "basic.auth.user.info", "schema.registry.basic.auth.user.info", "basic.auth.credentials.source"];

    private static readonly string[] JavaOnly =
    [
        "key.serializer", "value.serializer", "key.deserializer", "value.deserializer", "partitioner.class", "interceptor.classes", "metric.", "auto.include.jmx.reporter",
        "default.api.timeout.ms", "ssl.protocol", "ssl.enabled.protocols", "ssl.provider", "ssl.truststore.password", "ssl.truststore.type", "ssl.keystore.type",
        "security.providers", "client.dns.lookup", "buffer.memory", "max.block.ms", "sasl.client.callback.handler.class", "sasl.login.",
    ];

    private ClientProperties(IReadOnlyDictionary<string, string> client, IReadOnlyDictionary<string, string> registry, IReadOnlyList<string> leftOut) =>
        (Client, Registry, LeftOut) = (client, registry, leftOut);

    /// <summary>Settings for librdkafka. They may hold secrets.</summary>
    public IReadOnlyDictionary<string, string> Client { get; }

    /// <summary>Settings for the schema registry, by the names that Confluent's clients have for them. They may hold secrets.</summary>
    public IReadOnlyDictionary<string, string> Registry { get; }

    /// <summary>Names of settings that mean nothing here.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="ClusterException">A line or a setting cannot be used; the message names it and never its value.</exception>
    public static ClientProperties Parse(string text)
    {
        var (client, registry, leftOut) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        foreach (var (key, value) in Lines(text))
        {
            if (Schema.Contains(key))
            {
                registry[key] = value;
            }
            else if (!Special(key, value, client))
            {
                if (JavaOnly.Any(name => name.EndsWith('.') ? key.StartsWith(name, StringComparison.Ordinal) : key == name))
                {
                    leftOut.Add(key);
                }
                else
                {
                    client[Renamed.GetValueOrDefault(key, key)] = value;
                }
            }
        }

        return new ClientProperties(client, registry, leftOut);
    }

    /// <summary>Settings that need more than another name.</summary>
    private static bool Special(string key, string value, Dictionary<string, string> client)
    {
        switch (key)
        {
            case "security.protocol":
                client[key] = value.ToLowerInvariant();
                return true;
            case "sasl.jaas.config":
                Jaas(value, client);
                return true;
            case "ssl.endpoint.identification.algorithm":
                client[key] = value.Length == 0 ? "none" : value.ToLowerInvariant();
                return true;
            case "ssl.truststore.location" when IsJavaStore(value):
                throw new ClusterException(ClusterFailure.Invalid, $"{key}: a Java key store cannot be read here. Export the certificates as PEM and name that file.");
            case "ssl.truststore.location":
                client["ssl.ca.location"] = value;
                return true;
            case "ssl.keystore.location" when IsJavaStore(value):
                throw new ClusterException(ClusterFailure.Invalid, $"{key}: a Java key store cannot be read here. Take a PKCS#12 file (.p12), or PEM files in ssl.certificate.location and ssl.key.location.");
            default:
                return false;
        }
    }

    /// <summary>User and password out of <c>…PlainLoginModule required username="u" password="p";</c>.</summary>
    private static void Jaas(string value, Dictionary<string, string> client)
    {
        foreach (Match match in JaasOption().Matches(value))
        {
            var text = JaasEscape().Replace(match.Groups["text"].Value, "$1");
            client[match.Groups["name"].Value == "username" ? "sasl.username" : "sasl.password"] = text;
        }

        if (!client.ContainsKey("sasl.username") || !client.ContainsKey("sasl.password"))
        {
            throw new ClusterException(ClusterFailure.Invalid, "sasl.jaas.config: only login modules with username=\"…\" and password=\"…\" can be used here (PLAIN, SCRAM).");
        }
    }

    private static bool IsJavaStore(string path) => path.EndsWith(".jks", StringComparison.OrdinalIgnoreCase);

    /// <summary>Keys and values by the rules of Java's <c>Properties.load</c>: comments, continued lines, escapes, <c>=</c>, <c>:</c> or a blank between.</summary>
    private static IEnumerable<(string Key, string Value)> Lines(string text)
    {
        var number = 0;
        var whole = new StringBuilder();
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.TrimStart(' ', '\t', '\f');
            if (whole.Length == 0 && (line.Length == 0 || line[0] is '#' or '!'))
            {
                continue;
            }

            if (EndsWithOddBackslashes(line))
            {
                whole.Append(line, 0, line.Length - 1);
                continue;
            }

            yield return Pair(whole.Append(line).ToString(), number);
            whole.Clear();
        }

        if (whole.Length > 0)
        {
            yield return Pair(whole.ToString(), number);
        }
    }

    private static bool EndsWithOddBackslashes(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static (string Key, string Value) Pair(string line, int number)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t'))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        var rest = line[end..].TrimStart(' ', '\t');
        var value = rest.Length > 0 && rest[0] is '=' or ':' ? rest[1..].TrimStart(' ', '\t') : rest;
        var key = Unescape(line[..end], number);
        return key.Length > 0 ? (key, Unescape(value, number).TrimEnd()) : throw new ClusterException(ClusterFailure.Invalid, $"Line {number} has no name before its value.");
    }

    private static string Unescape(string text, int line)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            switch (text[++i])
            {
                case 't': result.Append('\t'); break;
                case 'n': result.Append('\n'); break;
                case 'r': result.Append('\r'); break;
                case 'f': result.Append('\f'); break;
                case 'u' when i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit):
                    result.Append((char)unit);
                    i += 4;
                    break;
                case 'u':
                    throw new ClusterException(ClusterFailure.Invalid, $"Line {line}: \\u must be followed by four hexadecimal digits.");
                default: result.Append(text[i]); break;
            }
        }

        return result.ToString();
    }

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex JaasEscape();

    [GeneratedRegex("""\b(?<name>username|password)\s*=\s*"(?<text>(?:[^"\\]|\\.)*)"|\b(?<name>username|password)\s*=\s*'(?<text>[^']*)'""")]
    private static partial Regex JaasOption();
}
