using System.Diagnostics;
using System.Reflection;

namespace Streaming.Embedded.SchemaRegistry.Tests;

/// <summary>The program, killed.</summary>
public class ProgramTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task Killed_in_the_middle_of_registrations_it_has_lost_nothing_that_it_answered()
    {
        Dictionary<string, int> answered = [];
        for (var round = 0; round < 3; round++)
        {
            using var program = Start("killed");
            using var api = new RegistryApi(await ReadyAsync(program));
            foreach (var (subject, id) in answered)
            {
                (await api.GetAsync($"subjects/{subject}/versions/1")).Is(
                    $$"""{"subject":"{{subject}}","version":1,"id":{{id}},"schema":"{\"type\":\"record\",\"name\":\"{{subject}}\",\"fields\":[]}"}""");
            }

            await RegisterUntilKilledAsync(api, $"r{round}_", answered, program);
            await program.WaitForExitAsync();
        }

        Assert.Equal(answered.Count, answered.Values.Distinct().Count());
    }

    [Fact]
    public async Task It_ends_when_its_standard_input_does()
    {
        using var program = Start("stopped");
        await ReadyAsync(program);
        program.StandardInput.Close();
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public async Task It_ends_on_a_signal_although_its_standard_input_stays_open()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // No such signals there.
        }

        using var program = Start("signalled");
        await ReadyAsync(program);
        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, program.ExitCode);
    }

    private static async Task RegisterUntilKilledAsync(RegistryApi api, string prefix, Dictionary<string, int> answered, Process program)
    {
        var kill = Task.CompletedTask;
        for (var i = 0; ; i++)
        {
            if (i == 5)
            {
                // Some moment of the registrations that follow.
                kill = Task.Run(program.Kill);
            }

            var subject = $"{prefix}{i}";
            try
            {
                answered[subject] = await api.IdOfAsync(subject, $$"""{"type":"record","name":"{{subject}}","fields":[]}""");
            }
            catch (HttpRequestException)
            {
                await kill;
                return;
            }
        }
    }

    private Process Start(string topic)
    {
        var path = typeof(ProgramTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RegistryProgram").Value!;
        return Process.Start(new ProcessStartInfo(
            "dotnet", [path, "--listen", "127.0.0.1:0", "--kafka", registry.Broker.BootstrapServers, "--topic", topic, "--stop-with-stdin"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<Uri> ReadyAsync(Process program)
    {
        var line = await program.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return new Uri(Assert.IsType<string>(line)["ready ".Length..]);
    }
}
