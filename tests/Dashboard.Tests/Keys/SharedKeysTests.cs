using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Streaming.Dashboard.Keys;

namespace Streaming.Dashboard.Tests.Keys;

/// <summary>Two replicas of the Dashboard on one database.</summary>
[Collection(SharedDatabase.Name)]
public sealed partial class SharedKeysTests(DatabaseServer server) : IDisposable
{
    private const string Password = "for this test";
    private readonly WebApplicationFactory<Program> _plain = new();
    private readonly List<IDisposable> _replicas = [];

    public void Dispose()
    {
        _replicas.ForEach(replica => replica.Dispose());
        _plain.Dispose();
    }

    [Fact]
    public async Task A_browser_that_got_its_page_from_one_replica_may_start_its_circuit_at_another()
    {
        var database = await server.MigratedAsync();
        var (one, other) = (Replica(database), Replica(database));

        var html = await one.CreateClient().GetStringAsync("/");

        // The framework's own protector of the markers that open a circuit.
        var protector = other.Services.GetRequiredService<IDataProtectionProvider>()
            .CreateProtector("Microsoft.AspNetCore.Components.ComponentDescriptorSerializer,V1").ToTimeLimitedDataProtector();
        var descriptors = Descriptor().Matches(html).Select(match => Regex.Unescape(match.Groups[1].Value)).ToList();
        Assert.NotEmpty(descriptors);
        Assert.All(descriptors, descriptor => Assert.Contains("\"sequence\"", protector.Unprotect(descriptor), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_antiforgery_token_of_one_replica_is_good_at_another()
    {
        var database = await server.MigratedAsync();
        var (one, other) = (Replica(database), Replica(database));
        var response = new DefaultHttpContext { RequestServices = one.Services };
        var tokens = one.Services.GetRequiredService<IAntiforgery>().GetAndStoreTokens(response);

        var request = new DefaultHttpContext { RequestServices = other.Services };
        request.Request.Method = HttpMethods.Post;
        request.Request.Headers[tokens.HeaderName!] = tokens.RequestToken;
        request.Request.Headers.Cookie = SetCookieHeaderValue.ParseList(response.Response.Headers.SetCookie.OfType<string>().ToList())
            .Select(cookie => $"{cookie.Name}={cookie.Value}").First();

        await other.Services.GetRequiredService<IAntiforgery>().ValidateRequestAsync(request);
    }

    [Fact]
    public async Task Keys_are_encrypted_with_a_certificate_where_there_is_one()
    {
        var database = await server.MigratedAsync();
        using var folder = new TemporaryFolder();
        var certificate = folder.Certificate(Password);
        string[] settings = ["Dashboard:KeysCertificate", certificate, "Dashboard:KeysCertificatePassword", Password];
        var (one, other) = (Replica(database, settings), Replica(database, settings));

        var secret = Protector(one).Protect("secret");

        Assert.Equal("secret", Protector(other).Unprotect(secret));
        await using var source = NpgsqlDataSource.Create(database);
        var kept = (string)(await source.CreateCommand("SELECT string_agg(xml, '') FROM data_protection_keys").ExecuteScalarAsync())!;
        Assert.Contains("EncryptedData", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_is_named_and_its_password_is_not()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Certificate(Password);
        var builder = WebApplication.CreateBuilder(["--Dashboard:SharedKeys=true", $"--Dashboard:KeysCertificate={path}", "--Dashboard:KeysCertificatePassword=swordfish"]);

        builder.AddSharedKeys();

        using var services = builder.Services.BuildServiceProvider();
        var thrown = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<DashboardOptions>>().Value);
        Assert.Contains($"Dashboard:KeysCertificate is '{path}'", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_takes_no_requests_before_the_table_of_keys_is_there()
    {
        var database = await server.EmptyAsync();

        using var before = await Replica(database).CreateClient().GetAsync(new Uri("/health", UriKind.Relative));
        await DatabaseServer.MigrateAsync(database);
        using var after = await Replica(database).CreateClient().GetAsync(new Uri("/alive", UriKind.Relative));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
    }

    private static IDataProtector Protector(WebApplicationFactory<Program> replica) =>
        replica.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private WebApplicationFactory<Program> Replica(string database, params string[] settings)
    {
        var replica = _plain.WithWebHostBuilder(host =>
        {
            host.UseSetting("ConnectionStrings:streaming", database).UseSetting("Dashboard:SharedKeys", "true");
            for (var index = 0; index < settings.Length; index += 2)
            {
                host.UseSetting(settings[index], settings[index + 1]);
            }
        });
        _replicas.Add(replica);
        return replica;
    }

    [GeneratedRegex("\"descriptor\":\"([^\"]+)\"")]
    private static partial Regex Descriptor();

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-");

        public string Certificate(string password)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var path = Path.Combine(_folder.FullName, "keys.pfx");
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
            return path;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
