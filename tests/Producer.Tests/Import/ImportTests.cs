using System.Text;
using Confluent.Kafka;
using Streaming.Producer.Import;
using Streaming.Producer.Import.Screen;
using static Streaming.Producer.Tests.Eventually;

namespace Streaming.Producer.Tests.Import;

/// <summary>The command against a broker.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-import-tests-").FullName;
    private readonly StringWriter _screen = new();
    private readonly StringWriter _output = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _screen.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task A_csv_file_is_in_the_topic_keyed_in_order_and_with_its_digits()
    {
        await using var cluster = await Cluster.StartAsync();
        var file = Write("sales.csv", ["store,at,amount", .. Enumerable.Range(0, 1000).Select(i => $"s{i % 7},{i},{i}.50")]);

        Assert.Equal(0, await RunAsync(cluster, file, "--topic", "own", "--key", "store", "--time", "at", "--time-format", "s", "--create", "--partitions", "3"));

        Assert.Contains("1,000 records in topic own (3 partitions)", _output.ToString(), StringComparison.Ordinal);
        var records = cluster.Read("own", 3);
        Assert.Equal(1000, records.Count);
        Assert.All(records.GroupBy(record => Text(record.Message.Key)), store =>
        {
            var number = store.Key[1..];
            Assert.Single(store.Select(record => record.Partition).Distinct());
            Assert.Equal(
                Enumerable.Range(0, 1000).Where(i => $"{i % 7}" == number).Select(i => $"{{\"store\":\"{store.Key}\",\"at\":{i},\"amount\":{i}.50}}"),
                store.Select(record => Text(record.Message.Value)));
        });
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_not_created_unless_asked_for()
    {
        await using var cluster = await Cluster.StartAsync();
        var file = Write("a.ndjson", ["{\"k\":1,\"t\":1}"]);

        Assert.Equal(1, await RunAsync(cluster, file, "--topic", "missing", "--key", "k", "--time", "t", "--time-format", "s"));

        Assert.Contains("there is no topic 'missing'; --create --partitions N creates it", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_stops_at_the_first_bad_line_and_goes_on_from_there()
    {
        await using var cluster = await Cluster.StartAsync();
        string[] arguments = ["--topic", "own", "--key", "k", "--time", "t", "--time-format", "s", "--create", "--partitions", "1"];
        var file = Write("a.ndjson", ["{\"k\":1,\"t\":1}", "", "{\"k\":1,\"t\":2}", "{oops", "{\"k\":1,\"t\":3}"]);

        Assert.Equal(1, await RunAsync(cluster, [file, .. arguments]));
        Assert.Contains("line 4: no JSON", _screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("--from-line 4 goes on", _screen.ToString(), StringComparison.Ordinal);
        Write("a.ndjson", ["{\"k\":1,\"t\":1}", "", "{\"k\":1,\"t\":2}", "{\"k\":1,\"t\":2.5}", "{\"k\":1,\"t\":3}"]);
        Assert.Equal(0, await RunAsync(cluster, [file, .. arguments, "--from-line", "4"]));

        Assert.Equal(["1", "2", "2.5", "3"], cluster.Read("own", 1).Select(record => Text(record.Message.Value)[11..^1]));
    }

    [Fact]
    public async Task Bad_lines_are_counted_told_of_and_put_aside_so_that_they_can_be_mended()
    {
        await using var cluster = await Cluster.StartAsync();
        var file = Write("a.csv", ["k,t", .. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? $"{i},{i}" : $"{i},never")]);
        var rejects = Path.Combine(_folder, "rejects.csv");
        string[] arguments = ["--topic", "own", "--key", "k", "--time", "t", "--time-format", "s", "--create", "--on-error", "skip", "--rejects", rejects];

        Assert.Equal(0, await RunAsync(cluster, [file, .. arguments]));

        Assert.Contains("25 records in topic own", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("25 could not be read", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("line 3: 'never' is not seconds since 1970: '1,never'", _screen.ToString(), StringComparison.Ordinal);
        Assert.Equal(11, _screen.ToString().Split('\n').Count(line => line.StartsWith("line", StringComparison.Ordinal) || line.StartsWith("Further", StringComparison.Ordinal)));
        var aside = await File.ReadAllLinesAsync(rejects);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{(i * 2) + 1},never").Prepend("k,t"), aside);
        Assert.Equal(1, await RunAsync(cluster, [file, .. arguments]));
        Assert.Contains("--rejects", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_larger_than_the_topic_takes_is_a_bad_line()
    {
        await using var cluster = await Cluster.StartAsync();
        var file = Write("a.ndjson", [$"{{\"k\":1,\"t\":1,\"x\":\"{new string('x', 3_000_000)}\"}}", "{\"k\":2,\"t\":1}"]);

        Assert.Equal(0, await RunAsync(cluster, file, "--topic", "own", "--key", "k", "--time", "t", "--time-format", "s", "--create", "--partitions", "1", "--on-error", "skip"));

        Assert.Equal("2", Text(Assert.Single(cluster.Read("own", 1)).Message.Key));
        Assert.Contains("line 1: longer than", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_of_the_past_are_not_sent_into_a_topic_that_would_delete_them_at_once()
    {
        await using var cluster = await Cluster.StartAsync();
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync([new() { Name = "week", NumPartitions = 1, Configs = new() { ["message.timestamp.type"] = "CreateTime", ["retention.ms"] = "604800000" } }]);
        }

        var file = Write("a.csv", ["k,t", "1,2012-01-01"]);
        string[] arguments = ["--topic", "week", "--key", "k", "--time", "t"];

        Assert.Equal(1, await RunAsync(cluster, [file, .. arguments]));
        Assert.Contains("deletes records older than 7.00:00:00", _screen.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(cluster, [file, .. arguments, "--record-time", "now"]));
        Assert.Single(cluster.Read("week", 1));
    }

    [Fact]
    public async Task A_stop_waits_for_what_was_sent_and_says_where_to_go_on()
    {
        await using var cluster = await Cluster.StartAsync();
        using var stop = new CancellationTokenSource();
        await using var input = new Feed();
        input.Write("{\"k\":1,\"t\":1}\n{\"k\":1,\"t\":2}\n{\"k\":1,");

        var running = RunAsync(cluster, input, stop.Token, "-", "--format", "ndjson", "--topic", "own", "--key", "k", "--time", "t", "--time-format", "s", "--create", "--partitions", "1");
        await True(() => input.IsDrained, "the two lines are read");
        await stop.CancelAsync();

        Assert.Equal(130, await running);
        Assert.Contains("--from-line 3 goes on", _screen.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, cluster.Read("own", 1).Count);
    }

    [Fact]
    public async Task A_broker_that_goes_away_and_comes_back_loses_and_doubles_nothing()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var input = new Feed();
        var running = RunAsync(
            cluster, input, CancellationToken.None, "-", "--format", "ndjson", "--topic", "own", "--key", "k", "--time", "t", "--time-format", "s", "--create", "--partitions", "2", "--config", "queue.buffering.max.messages=50");
        input.Write(Lines(0, 100));
        await True(() => input.IsDrained, "the first lines are read");
        await cluster.StopAsync();
        input.Write(Lines(100, 400));
        input.End();
        await cluster.ResumeAsync();

        Assert.Equal(0, await running);
        var records = cluster.Read("own", 2);
        Assert.Equal(Enumerable.Range(0, 400), records.Select(record => int.Parse(Text(record.Message.Value).Split("\"t\":")[1].TrimEnd('}'), System.Globalization.CultureInfo.InvariantCulture)).Order());

        static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(i => $"{{\"k\":{i % 5},\"t\":{i}}}\n"));
    }

    [Fact]
    public async Task Events_that_are_not_in_order_of_time_are_told_of()
    {
        await using var cluster = await Cluster.StartAsync();
        var file = Write("a.csv", ["k,t", "1,2012-01-03", "1,2012-01-01T12:00", "1,2012-01-04"]);

        Assert.Equal(0, await RunAsync(cluster, file, "--topic", "own", "--key", "k", "--time", "t", "--create"));

        Assert.Contains("Events are up to 1.12:00:00 older than ones before them", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named()
    {
        await using var cluster = await Cluster.StoppedAsync();
        var file = Write("a.ndjson", ["{}"]);

        Assert.Equal(1, await RunAsync(cluster, file, "--topic", "own", "--key", "k", "--time", "t"));

        Assert.Contains($"Kafka at {cluster.BootstrapServers} does not answer", _screen.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "Option '--topic' is required", "--key", "k", "--time", "t")]
    [InlineData("a.csv", "--key FIELD says which", "--topic", "x", "--time", "t")]
    [InlineData("a.csv", "exclude each other", "--topic", "x", "--time", "t", "--key", "k", "--no-key")]
    [InlineData("a.txt", "--format csv or --format ndjson", "--topic", "x", "--time", "t", "--key", "k")]
    [InlineData("-", "--format csv or --format ndjson", "--topic", "x", "--time", "t", "--key", "k")]
    [InlineData("a.csv", "--time-zone Mars", "--topic", "x", "--time", "t", "--key", "k", "--time-zone", "Mars")]
    [InlineData("a.csv", "--time-format", "--topic", "x", "--time", "t", "--key", "k", "--time-format", "soon")]
    [InlineData("a.csv", "--map ab: it takes NAME=VALUE", "--topic", "x", "--time", "t", "--key", "k", "--map", "ab")]
    [InlineData("a.csv", "2 fields would have this name", "--topic", "x", "--time", "t", "--key", "k", "--map", "a=c", "--map", "b=c")]
    [InlineData("a.csv", "--rate 0", "--topic", "x", "--time", "t", "--key", "k", "--rate", "0")]
    [InlineData("a.csv", "--from-line 0", "--topic", "x", "--time", "t", "--key", "k", "--from-line", "0")]
    [InlineData("a.csv", "--encoding klingon", "--topic", "x", "--time", "t", "--key", "k", "--encoding", "klingon")]
    [InlineData("a.csv", "--key-format", "--topic", "x", "--time", "t", "--key", "k", "--key-format", "int")]
    [InlineData("a.csv", "--delimiter ab", "--topic", "x", "--time", "t", "--key", "k", "--delimiter", "ab")]
    [InlineData("a.csv", "--config", "--topic", "x", "--time", "t", "--key", "k", "--config", "no.such.setting=1")]
    [InlineData("a.csv", "--on-error", "--topic", "x", "--time", "t", "--key", "k", "--on-error", "pray")]
    public async Task Wrong_arguments_are_told_with_the_option_and_end_with_2(string file, string message, params string[] arguments)
    {
        await using var cluster = await Cluster.StartAsync();
        Write("a.csv", ["k,t"]);

        Assert.Equal(2, await RunAsync(cluster, [file == "-" ? file : Path.Combine(_folder, file), .. arguments]));

        Assert.Contains(message, _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_options()
    {
        await using var nothing = new MemoryStream();
        Assert.Equal(0, await Program(nothing).RunAsync([ImportProgram.Name, "--help"], CancellationToken.None));
        Assert.Contains("--from-line", _output.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(Cluster cluster, params string[] arguments) => RunAsync(cluster, Stream.Null, CancellationToken.None, arguments);

    private Task<int> RunAsync(Cluster cluster, Stream input, CancellationToken stop, params string[] arguments) =>
        Program(input).RunAsync([ImportProgram.Name, .. arguments, "--bootstrap-server", cluster.BootstrapServers], stop);

    private ImportProgram Program(Stream input) => new(_output, new PlainScreen(_screen, TimeProvider.System), () => input, TimeProvider.System);

    private string Write(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, string.Join('\n', lines), Encoding.UTF8);
        return path;
    }
}
