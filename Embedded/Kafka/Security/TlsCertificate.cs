using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Streaming.Embedded.Kafka.Security;

/// <summary>Reads the certificate that clients are shown.</summary>
public static class TlsCertificate
{
    /// <summary>Reads a certificate and its private key, PEM files.</summary>
    /// <exception cref="ArgumentException">They are no certificate and key that belong together; the message names the files.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static X509Certificate2 Load(string certificatePath, string keyPath)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
            // Windows' TLS takes no key that lives in memory only.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ArgumentException($"'{certificatePath}' and '{keyPath}' are no PEM certificate and private key that belong together: {e.Message}", e);
        }
    }
}
