using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Schemas;
using Streaming.Contracts.SchemaRegistry;
using Xunit;

namespace Streaming.Aggregator.Tests.Schemas;

public sealed class SchemaDirectoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void An_answer_is_asked_for_once_also_that_there_is_no_such_schema()
    {
        using var registry = new Registry(id => id == 1 ? """{"schema":"\"string\""}""" : null);
        using var directory = Create(registry);
        Assert.False(directory.TryFind(1, out _));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(directory.Await(1, Patience));
            Assert.True(directory.Await(2, Patience));
        }

        Assert.True(directory.TryFind(1, out var known) && known.Schema is { Avro: not null });
        Assert.True(directory.TryFind(2, out var unknown) && unknown.Schema is null);
        Assert.Equal(2, registry.Requests);
    }

    [Fact]
    public void What_a_decoder_makes_of_a_schema_is_made_once()
    {
        using var registry = new Registry(_ => """{"schema":"\"string\""}""");
        using var directory = Create(registry);
        directory.Await(1, Patience);
        Assert.True(directory.TryFind(1, out var schema));
        Assert.Same(schema.Prepared(avro => avro.ToString()), schema.Prepared<string>(_ => throw new InvalidOperationException("made twice")));
    }

    [Fact]
    public void Ids_that_nobody_gave_out_do_not_fill_the_memory_and_do_not_drive_out_those_that_are_known()
    {
        using var registry = new Registry(id => id == 1 ? """{"schema":"\"string\""}""" : null);
        using var directory = Create(registry);
        for (var id = 1; id <= 10_010; id++)
        {
            Assert.True(directory.Await(id, Patience));
        }

        Assert.True(directory.TryFind(1, out _));
        Assert.False(directory.TryFind(2, out _));
        Assert.True(directory.TryFind(10_010, out _));
    }

    private static SchemaDirectory Create(Registry registry) =>
        new(new SchemaRegistryClient(new SchemaRegistrySettings(new Uri("http://registry/")), registry), NullLogger<SchemaDirectory>.Instance);

    private sealed class Registry(Func<int, string?> schema) : HttpMessageHandler
    {
        private int _requests;

        public int Requests => _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            var body = schema(int.Parse(request.RequestUri!.Segments[^1], System.Globalization.CultureInfo.InvariantCulture));
            return Task.FromResult(new HttpResponseMessage(body is null ? HttpStatusCode.NotFound : HttpStatusCode.OK)
            {
                Content = new StringContent(body ?? """{"error_code":40403,"message":"Schema not found"}""", Encoding.UTF8, "application/json"),
            });
        }
    }
}
