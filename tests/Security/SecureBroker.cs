using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Streaming.Embedded.Kafka;
using Streaming.Embedded.Kafka.Security;

namespace Streaming.Tests;

/// <summary>A broker that is encrypted and asks who clients are, and the file of settings with which they get in.</summary>
internal sealed class SecureBroker : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-secure-broker-").FullName;
    private KafkaBroker _broker = null!;

    public string BootstrapServers => _broker.BootstrapServers;

    /// <summary>A file as Java's clients have it.</summary>
    public string Properties => Path.Combine(_folder, "client.properties");

    public static async Task<SecureBroker> StartAsync()
    {
        var secure = new SecureBroker();
        var (certificate, key) = (Path.Combine(secure._folder, "broker.crt"), Path.Combine(secure._folder, "broker.key"));
        WriteCertificate(certificate, key);
        await File.WriteAllTextAsync(secure.Properties, $"""
            # As a cloud hands it out.
            bootstrap.servers=nowhere.invalid:9092
            security.protocol=SASL_SSL
            sasl.mechanism=PLAIN
            sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="ann" password="s3cret=\\"x";
            ssl.truststore.location={certificate}
            client.dns.lookup=use_all_dns_ips
            """);
        secure._broker = await KafkaBroker.StartAsync(new BrokerOptions
        {
            DataDirectory = Path.Combine(secure._folder, "data"),
            Certificate = X509Certificate2.CreateFromPemFile(certificate, key),
            SaslUsers = new SaslUsers(new Dictionary<string, string> { ["ann"] = "s3cret=\"x" }),
            AutoCreateTopics = false,
        });
        return secure;
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>For 127.0.0.1, signed by itself.</summary>
    private static void WriteCertificate(string certificatePath, string keyPath)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
    }
}
