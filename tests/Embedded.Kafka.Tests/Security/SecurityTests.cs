using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Security;
using Streaming.Embedded.Kafka.Tests.Server;

namespace Streaming.Embedded.Kafka.Tests.Security;

/// <summary>A broker that is encrypted and asks who clients are; librdkafka as the client, and raw bytes.</summary>
public sealed class SecurityTests : IDisposable
{
    private static readonly Dictionary<string, string> Users = new() { ["ann"] = "s3cret:with:colons", ["bob"] = "pässwörd" };

    private readonly TestCertificate _certificate = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-kafka-security-").FullName;

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Clients_that_are_let_in_create_produce_in_a_transaction_and_consume_in_a_group(bool tls, bool sasl)
    {
        await using var broker = await StartAsync(tls, sasl);
        var security = Security(broker, tls, sasl ? "ann" : null);
        using (var admin = new AdminClientBuilder(security).Build())
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }]);
        }

        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig(new Dictionary<string, string>(security)) { TransactionalId = "id", MessageMaxBytes = 900_000 }).Build())
        {
            producer.InitTransactions(TimeSpan.FromSeconds(20));
            producer.BeginTransaction();
            producer.Produce("t", new Message<string, string> { Key = "k", Value = new string('x', 500_000) });
            producer.CommitTransaction();
        }

        using var consumer = new ConsumerBuilder<string, string>(
            new ConsumerConfig(new Dictionary<string, string>(security)) { GroupId = "g", AutoOffsetReset = AutoOffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted }).Build();
        consumer.Subscribe("t");
        Assert.Equal(500_000, consumer.Consume(TimeSpan.FromSeconds(30))!.Message.Value.Length);
        consumer.Close();
    }

    [Theory]
    [InlineData("ann", "wrong")]
    [InlineData("nobody", "s3cret:with:colons")]
    public async Task A_wrong_name_or_password_is_told_to_the_client(string user, string password)
    {
        await using var broker = await StartAsync(tls: false, sasl: true);
        var security = Security(broker, tls: false, user);
        security.SaslPassword = password;
        var told = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);

        using var admin = new AdminClientBuilder(security).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) =>
        {
            if (error.Code == AuthenticationError)
            {
                told.TrySetResult(error);
            }
        }).Build();

        Assert.Throws<KafkaException>(() => admin.GetMetadata(TimeSpan.FromSeconds(5)));
        Assert.Contains("Authentication failed", (await told.Task.WaitAsync(TimeSpan.FromSeconds(20))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_not_proved_who_they_are_gets_nothing_and_may_send_little()
    {
        await using var broker = await StartAsync(tls: false, sasl: true);
        using var hasty = await RawClient.ConnectAsync(broker.BootstrapServers);
        await hasty.RequestAsync(ApiKey.Metadata, 1, 1, body => body.WriteNullArray());
        Assert.Null(await hasty.ReceiveAsync());

        using var large = await RawClient.ConnectAsync(broker.BootstrapServers);
        await large.SendHexAsync("00100000" + "0024" + "0000" + "00000001"); // a proof of a megabyte is announced
        Assert.Null(await large.ReceiveAsync());

        using var early = await RawClient.ConnectAsync(broker.BootstrapServers);
        await ProveAsync(early, "\0ann\0s3cret:with:colons"); // before the handshake
        Assert.Equal((short)34, ErrorOf(await early.ReceiveAsync()));
        Assert.Null(await early.ReceiveAsync());
    }

    [Theory]
    [InlineData("ann\0ann\0s3cret:with:colons", 0)]
    [InlineData("\0bob\0pässwörd", 0)]
    [InlineData("bob\0ann\0s3cret:with:colons", 58)] // acts as somebody else
    [InlineData("\0ann\0S3cret:with:colons", 58)]
    [InlineData("\0ann\0", 58)]
    [InlineData("ann", 58)]
    [InlineData("", 58)]
    [InlineData("\0\0", 58)]
    [InlineData("\0ann\0s3cret:with:colons\0", 58)]
    public async Task A_proof_is_read_to_the_letter(string token, short error)
    {
        await using var broker = await StartAsync(tls: false, sasl: true);
        using var client = await RawClient.ConnectAsync(broker.BootstrapServers);
        await client.RequestAsync(ApiKey.SaslHandshake, 1, 1, body => body.WriteString("PLAIN"));
        Assert.Equal((short)0, ErrorOf(await client.ReceiveAsync()));

        await ProveAsync(client, token);

        Assert.Equal(error, ErrorOf(await client.ReceiveAsync()));
        await client.RequestAsync(ApiKey.Metadata, 1, 3, body => body.WriteNullArray());
        Assert.Equal(error == 0, await client.ReceiveAsync() is not null);
    }

    [Fact]
    public async Task Another_mechanism_is_refused_with_the_one_there_is_and_a_broker_without_users_says_so()
    {
        await using var asking = await StartAsync(tls: false, sasl: true);
        using var scram = await RawClient.ConnectAsync(asking.BootstrapServers);
        await scram.RequestAsync(ApiKey.SaslHandshake, 1, 1, body => body.WriteString("SCRAM-SHA-256"));
        var answer = await scram.ReceiveAsync();
        Assert.Equal((short)33, ErrorOf(answer));
        Assert.Contains("PLAIN", Encoding.UTF8.GetString(answer!), StringComparison.Ordinal);
        Assert.Null(await scram.ReceiveAsync());

        using var folder = new TestFolder();
        await using var open = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = folder.Path });
        using var needless = await RawClient.ConnectAsync(open.BootstrapServers);
        await needless.RequestAsync(ApiKey.SaslHandshake, 1, 1, body => body.WriteString("PLAIN"));
        Assert.Equal((short)34, ErrorOf(await needless.ReceiveAsync()));
    }

    [Fact]
    public async Task Clients_that_speak_no_tls_or_trust_another_certificate_fail_and_others_go_on()
    {
        await using var broker = await StartAsync(tls: true, sasl: false);
        using var plain = await RawClient.ConnectAsync(broker.BootstrapServers);
        await plain.RequestAsync(ApiKey.ApiVersions, 0, 1);
        Assert.True(await plain.ReceiveAsync() is not { Length: > 8 });
        using var stranger = new TestCertificate();
        var security = Security(broker, tls: true, null);
        security.SslCaLocation = stranger.CertificatePath;
        using (var admin = new AdminClientBuilder(security).SetLogHandler((_, _) => { }).Build())
        {
            Assert.Throws<KafkaException>(() => admin.GetMetadata(TimeSpan.FromSeconds(5)));
        }

        using var good = new AdminClientBuilder(Security(broker, tls: true, null)).Build();
        Assert.Single(good.GetMetadata(TimeSpan.FromSeconds(20)).Brokers);
    }

    [Theory]
    [InlineData("ann", "line 1")]
    [InlineData("ann:x\nann:y", "line 2")]
    [InlineData("# nobody", "no SASL user")]
    [InlineData("ann:", "'ann' is empty")]
    public void A_file_of_users_that_makes_no_sense_is_refused_without_its_passwords(string content, string problem)
    {
        var path = Path.Combine(_folder, "users");
        File.WriteAllText(path, content);

        var error = Assert.Throws<ArgumentException>(() => SaslUsers.Load(path));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("x", error.Message.Replace(path, "", StringComparison.Ordinal).Replace("longer than", "", StringComparison.Ordinal).Replace("1024 bytes", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private const Confluent.Kafka.ErrorCode AuthenticationError = Confluent.Kafka.ErrorCode.Local_Authentication;

    private async Task<KafkaBroker> StartAsync(bool tls, bool sasl) => await KafkaBroker.StartAsync(new BrokerOptions
    {
        DataDirectory = Path.Combine(_folder, Guid.NewGuid().ToString("N")),
        Certificate = tls ? TlsCertificate.Load(_certificate.CertificatePath, _certificate.KeyPath) : null,
        SaslUsers = sasl ? new SaslUsers(Users) : null,
    });

    private AdminClientConfig Security(KafkaBroker broker, bool tls, string? user) => new()
    {
        BootstrapServers = broker.BootstrapServers,
        SecurityProtocol = (tls, user) switch
        {
            (true, null) => SecurityProtocol.Ssl,
            (true, _) => SecurityProtocol.SaslSsl,
            (false, null) => SecurityProtocol.Plaintext,
            (false, _) => SecurityProtocol.SaslPlaintext,
        },
        SslCaLocation = tls ? _certificate.CertificatePath : null,
        SaslMechanism = user is null ? null : SaslMechanism.Plain,
        SaslUsername = user,
        SaslPassword = user is null ? null : Users.GetValueOrDefault(user, ""),
    };

    private static Task ProveAsync(RawClient client, string token) =>
        client.RequestAsync(ApiKey.SaslAuthenticate, 1, 2, body => body.WriteBytes(Encoding.UTF8.GetBytes(token)));

    private static short ErrorOf(byte[]? response) => System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(response.AsSpan(4));
}
