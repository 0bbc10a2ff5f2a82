using System.Diagnostics;

using Microsoft.Extensions.Hosting;

namespace Streaming.ServiceDefaults.Tests;

public sealed class BackgroundSqlTests : IDisposable
{
    private readonly ActivitySource _npgsql = new("Npgsql");
    private readonly ActivitySource _own = new("Streaming.Test");
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name is "Npgsql" or "Streaming.Test",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public BackgroundSqlTests() => ActivitySource.AddActivityListener(_listener);

    [Fact]
    public void A_statement_of_nobody_is_not_exported() => Assert.False(IsExported(_npgsql.StartActivity("poll")));

    [Fact]
    public void A_statement_of_nobody_that_failed_is() => Assert.True(IsExported(_npgsql.StartActivity("poll")!.SetStatus(ActivityStatusCode.Error)));

    [Fact]
    public void A_statement_within_a_checkpoint_is()
    {
        using var checkpoint = _own.StartActivity("checkpoint");

        Assert.True(IsExported(_npgsql.StartActivity("update")));
        Assert.True(IsExported(_own.StartActivity("something of ours")));
    }

    [Fact]
    public void A_statement_below_a_context_of_another_process_is() =>
        Assert.True(IsExported(_npgsql.StartActivity("update", ActivityKind.Client, new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true))));

    [Fact]
    public void A_statement_of_a_page_s_connection_is_not_and_one_of_a_request_is()
    {
        using (_own.StartActivity("GET /_blazor", ActivityKind.Server)!.SetTag("url.path", "/_blazor"))
        {
            Assert.False(IsExported(_npgsql.StartActivity("poll")));
        }

        using (_own.StartActivity("GET /sales", ActivityKind.Server)!.SetTag("url.path", "/sales"))
        {
            Assert.True(IsExported(_npgsql.StartActivity("select")));
        }
    }

    [Theory]
    [InlineData("UPDATE checkpoints SET version = version + 1", "UPDATE checkpoints")]
    [InlineData("  insert into outbox (a) VALUES (1)", "INSERT outbox")]
    [InlineData("COPY checkpoint_rows (pipeline) FROM STDIN (FORMAT binary)", "COPY checkpoint_rows")]
    [InlineData("DELETE FROM public.\"outbox\" AS o", "DELETE public.outbox")]
    [InlineData("SELECT a,\n  b FROM (SELECT * FROM stores) s", "SELECT stores")]
    [InlineData("SELECT pg_notify($1, $2)", "SELECT")]
    [InlineData("SELECT 1 AS fromage", "SELECT")]
    [InlineData("WITH x AS (SELECT 1) SELECT * FROM x", null)]
    [InlineData("", null)]
    public void A_statement_is_called_by_what_it_does_to_which_table(string sql, string? name) => Assert.Equal(name, SqlSpanNames.Summary(sql));

    [Fact]
    public void A_statement_in_which_the_table_is_looked_for_in_vain_again_and_again_still_has_a_name() =>
        Assert.Equal("SELECT", SqlSpanNames.Summary($"SELECT {string.Concat(Enumerable.Repeat($"FROM{new string(' ', 100)}(", 1000))}"));

    public void Dispose()
    {
        _listener.Dispose();
        _npgsql.Dispose();
        _own.Dispose();
    }

    private static bool IsExported(Activity? span)
    {
        using var filter = new BackgroundSqlFilter();
        span!.Stop();
        filter.OnEnd(span);
        return span.Recorded;
    }
}
