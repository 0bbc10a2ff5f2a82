using System.Diagnostics;
using System.Reflection;

namespace Streaming.Topics.Tests;

/// <summary>The tool as a process of its own, in a pipe.</summary>
[Collection(SharedBroker.Name)]
public sealed class ProcessTests(Broker broker)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_tools_in_a_pipe_copy_a_topic_byte_for_byte()
    {
        var (from, to) = (await broker.NewTopicAsync(), await broker.NewTopicAsync());
        var values = Enumerable.Range(0, 500).Select(i => $"k{i}|ünï {i}").ToList();
        var sent = await RunAsync(string.Join('\n', values), "produce", from, "-K", "|");
        Assert.Equal((0, "", "Sent 500 records."), (sent.Code, sent.Output, sent.Error.TrimEnd()));

        var read = await RunAsync("", "consume", from, "--from-beginning", "--until-end", "--print", "key");
        await RunAsync(read.Output, "produce", to, "-K", "\t");

        Assert.Equal(values.Select(value => value.Replace('|', '\t')), (await RunAsync("", "consume", to, "--from-beginning", "--until-end", "--print", "key")).Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_termination_signal_leaves_the_group_and_commits_what_was_printed()
    {
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, "1", "2", "3");
        var group = broker.NewName("group");
        using var process = Start("consume", topic, "--group", group, "--from-beginning");
        for (var line = 1; line <= 3; line++)
        {
            Assert.Equal($"{line}", await process.StandardOutput.ReadLineAsync().WaitAsync(Bound));
        }

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(Bound);

        Assert.NotEqual(0, process.ExitCode);
        var described = (await Tool.RunAsync(broker, "groups", "describe", group, "--json")).Json;
        Assert.Equal(("Empty", 3), (described.GetProperty("state").GetString(), described.GetProperty("positions")[0].GetProperty("committed").GetInt64()));
    }

    private async Task<Run> RunAsync(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Bound);
        return new Run(process.ExitCode, await output, await error);
    }

    private Process Start(params string[] arguments)
    {
        var program = typeof(ProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "TopicsProgram").Value!;
        return Process.Start(new ProcessStartInfo("dotnet", [program, "--bootstrap-server", broker.Servers, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(false),
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
    }
}
