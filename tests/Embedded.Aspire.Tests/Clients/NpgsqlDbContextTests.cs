using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace Streaming.Embedded.Aspire.Tests.Clients;

public sealed class NpgsqlDbContextTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=u;Timeout=5";

    [Fact]
    public void Context_is_pooled_and_retries()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:streaming", Nowhere));
        builder.AddNpgsqlDbContext<Books>("streaming");
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();

        var books = scope.ServiceProvider.GetRequiredService<Books>();

        Assert.Equal(Nowhere, books.Database.GetConnectionString());
        Assert.IsType<NpgsqlRetryingExecutionStrategy>(books.Database.CreateExecutionStrategy());
#pragma warning disable EF1001 // Whether the context is pooled shows in no public type.
        Assert.NotNull(host.Services.GetService<IDbContextPool<Books>>());
#pragma warning restore EF1001
    }

    [Fact]
    public void Settings_and_options_callbacks_have_the_last_word()
    {
        var builder = ClientHost.Builder(
            ("ConnectionStrings:streaming", Nowhere),
            ("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:CommandTimeout", "7"),
            ("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:streaming:CommandTimeout", "9"));
        builder.AddNpgsqlDbContext<Books>(
            "streaming", settings => settings.DisableRetry = true, options => options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();

        var books = scope.ServiceProvider.GetRequiredService<Books>();

        Assert.Equal(9, books.Database.GetCommandTimeout());
        Assert.False(books.Database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Equal(QueryTrackingBehavior.NoTracking, books.ChangeTracker.QueryTrackingBehavior);
    }

    [Fact]
    public void A_missing_connection_string_is_named_when_a_context_is_asked_for()
    {
        var builder = ClientHost.Builder();
        builder.AddNpgsqlDbContext<Books>("streaming");
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();

        var error = Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<Books>());
        Assert.Contains("ConnectionStrings:streaming", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_registered_before_is_refused()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:streaming", Nowhere));
        builder.Services.AddDbContext<Books>();

        Assert.Throws<InvalidOperationException>(() => builder.AddNpgsqlDbContext<Books>("streaming"));
    }

    [Fact]
    public async Task The_health_check_is_named_after_the_context_and_fails_without_a_server()
    {
        var builder = ClientHost.Builder(("ConnectionStrings:streaming", Nowhere));
        builder.AddNpgsqlDbContext<Books>("streaming");
        using var host = builder.Build();

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["Books"].Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Npgsql_s_activity_source_is_registered_unless_disabled(bool disabled)
    {
        var builder = ClientHost.Builder(("ConnectionStrings:streaming", Nowhere));
        builder.AddNpgsqlDbContext<Books>("streaming", settings => settings.DisableTracing = disabled);

        Assert.Equal(!disabled, ClientHost.Traces(builder, "Npgsql"));
    }

    private sealed class Books(DbContextOptions<Books> options) : DbContext(options);
}
