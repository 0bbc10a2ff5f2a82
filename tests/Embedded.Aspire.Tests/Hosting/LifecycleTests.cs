using System.Diagnostics;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Replicas_are_processes_of_their_own_that_take_turns_behind_one_endpoint()
    {
        await using var sample = await SampleApp.StartAsync();
        await sample.HealthyAsync("second");
        var running = await sample.ReplicasAsync("second", 2, snapshot => snapshot.State?.Text == KnownResourceStates.Running);

        var answered = new HashSet<string>();
        for (var request = 0; request < 50 && answered.Count < 2; request++)
        {
            using var client = new HttpClient { BaseAddress = sample.App.GetEndpoint("second") };
            try
            {
                answered.Add(await client.GetStringAsync(new Uri("/process", UriKind.Relative)));
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100); // One of them does not listen yet.
            }
        }

        Assert.Equal(
            running.Select(replica => SampleApp.ProcessId(replica.Snapshot).ToString(System.Globalization.CultureInfo.InvariantCulture)).Order(), answered.Order());
    }

    [Fact]
    public async Task Processes_get_the_environment_that_Aspire_gives_them()
    {
        await using var sample = await SampleApp.StartAsync();
        await sample.HealthyAsync("first", "second");

        var first = await sample.EnvironmentAsync("first");
        var second = await sample.EnvironmentAsync("second");

        Assert.Equal("yes", first["SAMPLE_FROM_PROFILE"]);
        Assert.Equal("Development", first["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("first", first["OTEL_SERVICE_NAME"]);
        Assert.StartsWith("service.instance.id=", first["OTEL_RESOURCE_ATTRIBUTES"], StringComparison.Ordinal);
        Assert.Equal(sample.App.GetEndpoint("first"), new Uri(first["ASPNETCORE_URLS"]));
        Assert.NotEqual(5990, sample.App.GetEndpoint("first").Port);
        Assert.Equal(sample.App.GetEndpoint("first"), new Uri(second["services__first__http__0"]));
        Assert.Equal(sample.App.GetEndpoint("first"), new Uri(second["FIRST_HTTP"]));
        Assert.NotEqual(sample.App.GetEndpoint("second"), new Uri(second["ASPNETCORE_URLS"]));
        Assert.DoesNotContain("SAMPLE_FROM_PROFILE", second);
    }

    [Fact]
    public async Task Another_collector_gets_its_own_headers_and_not_the_key_of_the_run()
    {
        await using var sample = await SampleApp.StartAsync(
            "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_EXPORTER_OTLP_HEADERS=x-own=1", "--AppHost:OtlpApiKey=of-this-run");
        await sample.HealthyAsync("first");

        var first = await sample.EnvironmentAsync("first");

        Assert.Equal(
            ("http://127.0.0.1:9", "http/protobuf", "x-own=1"),
            (first["OTEL_EXPORTER_OTLP_ENDPOINT"], first["OTEL_EXPORTER_OTLP_PROTOCOL"], first["OTEL_EXPORTER_OTLP_HEADERS"]));
        Assert.DoesNotContain(first.Values, value => value.Contains("of-this-run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stopped_resource_starts_again_on_the_same_port()
    {
        await using var sample = await SampleApp.StartAsync();
        await sample.HealthyAsync("first");
        var former = await sample.ProcessIdAsync("first");

        var stopped = await sample.App.ResourceCommands.ExecuteCommandAsync("first", KnownResourceCommands.StopCommand);
        await sample.App.ResourceNotifications.WaitForResourceAsync("first", KnownResourceStates.TerminalStates).WaitAsync(SampleApp.Bound);
        var lived = RunningProcess.Lives(former);
        var started = await sample.App.ResourceCommands.ExecuteCommandAsync("first", KnownResourceCommands.StartCommand);
        await sample.HealthyAsync("first");

        Assert.True(stopped.Success && started.Success);
        Assert.False(lived);
        Assert.NotEqual(former, await sample.ProcessIdAsync("first"));
        Assert.Equal("first", (await sample.EnvironmentAsync("first"))["OTEL_SERVICE_NAME"]);
    }

    [Fact]
    public async Task A_killed_replica_is_shown_as_exited_and_the_other_serves()
    {
        await using var sample = await SampleApp.StartAsync();
        await sample.HealthyAsync("second");
        var replicas = await sample.ReplicasAsync("second", 2, snapshot => snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy);
        using var killed = Process.GetProcessById(SampleApp.ProcessId(replicas[0].Snapshot));

        killed.Kill();
        await sample.App.ResourceNotifications.WaitForResourceAsync("second", update =>
            update.ResourceId == replicas[0].ResourceId && update.Snapshot.State?.Text == KnownResourceStates.Exited).WaitAsync(SampleApp.Bound);

        Assert.True(sample.App.ResourceNotifications.TryGetCurrentState(replicas[0].ResourceId, out var state));
        Assert.Equal(137, state.Snapshot.ExitCode);
        using var client = sample.App.CreateHttpClient("second");
        Assert.NotEmpty(await client.GetStringAsync(new Uri("/process", UriKind.Relative)));
    }

    [Fact]
    public async Task A_process_that_is_deaf_to_the_request_to_stop_is_killed_with_its_children()
    {
        int process, child;
        ResourceLoggerService logs;
        await using (var sample = await SampleApp.StartAsync("--Third:SAMPLE_IGNORE_STOP=true", "--Third:SAMPLE_CHILD=true", "--AppHost:StopGraceSeconds=1"))
        {
            await sample.HealthyAsync("third");
            logs = sample.App.Services.GetRequiredService<ResourceLoggerService>();
            process = await sample.ProcessIdAsync("third");
            using var client = sample.App.CreateHttpClient("third");
            child = int.Parse(await client.GetStringAsync(new Uri("/child", UriKind.Relative)), System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.False(RunningProcess.Lives(process));
        await RunningProcess.HasEndedAsync(child, TimeSpan.FromSeconds(5));
        Assert.Single(await logs.GetAllAsync("third").SingleAsync(), line => Regex.IsMatch(line.Content, "^Warning: third-[a-z]{8} has not stopped within 1 s after it was asked to, and is killed.$"));
    }

    [Fact]
    public async Task What_a_resource_writes_is_heard()
    {
        await using var sample = await SampleApp.StartAsync();
        await sample.HealthyAsync("first");
        using var client = sample.App.CreateHttpClient("first");
        await client.GetAsync(new Uri("/write/a-word-of-its-own", UriKind.Relative));

        var logs = sample.App.Services.GetRequiredService<ResourceLoggerService>();
        using var bound = new CancellationTokenSource(SampleApp.Bound);
        await foreach (var lines in logs.WatchAsync("first").WithCancellation(bound.Token))
        {
            if (lines.Any(line => line.Content == "a-word-of-its-own"))
            {
                return;
            }
        }

        Assert.Fail("The line did not come.");
    }
}
