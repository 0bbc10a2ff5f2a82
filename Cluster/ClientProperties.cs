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
        foreach (var (key, value) in JavaProperties.Read(text))
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

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex JaasEscape();

    [GeneratedRegex("""\b(?<name>username|password)\s*=\s*"(?<text>(?:[^"\\]|\\.)*)"|\b(?<name>username|password)\s*=\s*'(?<text>[^']*)'""")]
    private static partial Regex JaasOption();
}
