using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

/// <summary>Kafka and PostgreSQL in an application of the test's own.</summary>
public sealed class ServerTests : IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-aspire-tests-").FullName;

    public ServerTests()
    {
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL drops to another user where the tests run as root, and has to pass through.
            File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kafka_becomes_healthy_and_its_connection_string_is_host_and_port()
    {
        await using var builder = Create();
        var kafka = builder.AddKafka("kafka").WithKafkaUI();
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("kafka").WaitAsync(s_bound);

        Assert.Matches(@"^127\.0\.0\.1:\d+$", await app.GetConnectionStringAsync("kafka"));
        Assert.Equal(await app.GetConnectionStringAsync("kafka"), $"127.0.0.1:{kafka.Resource.PrimaryEndpoint.Port}");
    }

    [Fact]
    public async Task A_database_exists_when_it_is_healthy()
    {
        await using var builder = Create();
        builder.AddPostgres("postgres").WithPgWeb().AddDatabase("figures", "Figures of today");
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("figures").WaitAsync(s_bound);

        Assert.Equal("Figures of today", await QueryAsync(app, "figures", "SELECT current_database()"));
    }

    [Fact]
    public async Task Kept_data_is_there_in_the_next_run_and_the_password_still_opens_it()
    {
        foreach (var statement in new[] { "CREATE TABLE kept AS SELECT 'still there'::text AS what", "SELECT what FROM kept" })
        {
            await using var builder = Create();
            builder.AddPostgres("postgres").WithDataVolume().AddDatabase("figures");
            await using var app = await builder.BuildAsync();
            await app.StartAsync();
            await app.ResourceNotifications.WaitForResourceHealthyAsync("figures").WaitAsync(s_bound);

            var answer = await QueryAsync(app, "figures", statement);

            Assert.True(answer is null || answer.Equals("still there"));
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "data", "postgres-password")));
        }
    }

    [Fact]
    public async Task A_second_application_on_kept_data_is_told_who_holds_it()
    {
        await using var first = Create();
        first.AddKafka("kafka").WithDataVolume();
        await using var app = await first.BuildAsync();
        await app.StartAsync();
        await using var second = Create();
        second.AddKafka("kafka").WithDataVolume();
        await using var other = await second.BuildAsync();

        var thrown = await Assert.ThrowsAsync<DistributedApplicationException>(() => other.StartAsync());

        Assert.Contains($"in use by process {Environment.ProcessId}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_is_not_kept_is_removed_at_the_end()
    {
        string? data;
        await using (var builder = Create())
        {
            builder.AddKafka("kafka");
            await using var app = await builder.BuildAsync();
            await app.StartAsync();
            await app.ResourceNotifications.WaitForResourceHealthyAsync("kafka").WaitAsync(s_bound);
            data = app.Services.GetRequiredService<DataFolders>().For(builder.Resources.Single());
            Assert.True(Directory.Exists(data));
        }

        Assert.False(Directory.Exists(data));
        Assert.False(Directory.Exists(Path.Combine(_folder, "data")));
    }

    [Fact]
    public async Task A_killed_server_starts_again_with_its_data_on_the_same_port()
    {
        await using var builder = Create();
        builder.AddPostgres("postgres").AddDatabase("figures");
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        var running = await app.ResourceNotifications.WaitForResourceHealthyAsync("postgres").WaitAsync(s_bound);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("figures").WaitAsync(s_bound);
        await QueryAsync(app, "figures", "CREATE TABLE kept AS SELECT 1 AS one");
        using (var process = System.Diagnostics.Process.GetProcessById(SampleApp.ProcessId(running.Snapshot)))
        {
            process.Kill();
        }

        await app.ResourceNotifications.WaitForResourceAsync("postgres", KnownResourceStates.TerminalStates).WaitAsync(s_bound);
        await app.ResourceCommands.ExecuteCommandAsync("postgres", KnownResourceCommands.StartCommand).WaitAsync(s_bound);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("figures").WaitAsync(s_bound);

        Assert.Equal(1, await QueryAsync(app, "figures", "SELECT one FROM kept"));
    }

    private static async Task<object?> QueryAsync(DistributedApplication app, string resource, string statement)
    {
        await using var source = NpgsqlDataSource.Create((await app.GetConnectionStringAsync(resource))!);
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }

    private IDistributedApplicationTestingBuilder Create() => DistributedApplicationTestingBuilder.Create(
        [], (options, _) => options.ProjectDirectory = Directory.CreateDirectory(Path.Combine(_folder, "AppHost")).FullName);
}
