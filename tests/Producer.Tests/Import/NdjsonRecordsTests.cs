using Streaming.Producer.Import;
using Streaming.Producer.Import.Input;
using Streaming.Producer.Records;
using static Streaming.Producer.Tests.Import.Inputs;

namespace Streaming.Producer.Tests.Import;

public sealed class NdjsonRecordsTests
{
    [Fact]
    public async Task Lines_are_taken_byte_for_byte_and_empty_ones_passed_over() => Assert.Equal(
        ["1: {\"a\": 1.10}", "4: {\"b\":\"ü\"}"], await NdjsonAsync("{\"a\": 1.10}\r\n\r\n \n{\"b\":\"ü\"}"));

    [Theory]
    [InlineData("[1]", "a JSON value, but no object")]
    [InlineData("1", "a JSON value, but no object")]
    [InlineData("{\"a\":1", "no JSON: wrong at line 1, byte 7")]
    [InlineData("{\"a\":1}{}", "no JSON: wrong at line 1, byte 8")]
    [InlineData("{\"a\":NaN}", "no JSON")]
    [InlineData("{\"a\":\"\0\"}", "no JSON")]
    public async Task A_line_that_is_no_object_is_refused_and_the_next_one_taken(string line, string problem)
    {
        var records = await NdjsonAsync($"{line}\n{{}}\n");
        Assert.StartsWith($"1! {problem}", records[0], StringComparison.Ordinal);
        Assert.Equal("2: {}", records[1]);
    }

    [Fact]
    public async Task Deep_json_is_refused() =>
        Assert.StartsWith("1! no JSON", Assert.Single(await NdjsonAsync("{\"a\":" + new string('[', 500) + new string(']', 500) + "}", 2000)), StringComparison.Ordinal);

    [Fact]
    public async Task A_gigabyte_without_a_line_end_is_one_line_that_is_too_long_and_takes_no_memory()
    {
        await using var endless = new Repeated(1L << 30, (byte)'x', "\n{}\n"u8.ToArray());
        await using var reader = new NdjsonRecords(endless, longest: 100_000);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var tooLong = await reader.ReadAsync(CancellationToken.None);
        var next = await reader.ReadAsync(CancellationToken.None);

        Assert.Equal((1, "longer than 100000 bytes", 100_000), (tooLong!.Value.Line, tooLong.Value.Problem, tooLong.Value.Raw.Length));
        Assert.Equal((2, null), (next!.Value.Line, next.Value.Problem));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16L << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64 * 1024)]
    public async Task Lines_are_the_same_however_the_bytes_come(int chunk)
    {
        var lines = Enumerable.Range(0, 300).Select(i => new string((char)('a' + (i % 26)), i * 7 % 1100)).ToList();
        var reader = new LineReader(new Chunked(System.Text.Encoding.ASCII.GetBytes(string.Join("\r\n", lines)), chunk), longest: 1000);

        List<string> read = [];
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            read.Add(System.Text.Encoding.ASCII.GetString(line.Bytes.Span) + (line.IsTooLong ? "…" : ""));
            Assert.Equal(read.Count, line.Number);
        }

        Assert.Equal(lines.Select(line => line.Length > 1000 ? line[..1000] + "…" : line), read);
    }

    /// <summary>So many bytes, and an end, out of nothing.</summary>
    private sealed class Repeated(long count, byte value, byte[] end) : ForwardStream
    {
        private long _left = count;
        private ReadOnlyMemory<byte> _end = end;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = (int)Math.Min(buffer.Length, _left > 0 ? _left : _end.Length);
            if (_left > 0)
            {
                buffer.Span[..length].Fill(value);
                _left -= length;
            }
            else
            {
                _end[..length].CopyTo(buffer);
                _end = _end[length..];
            }

            return ValueTask.FromResult(length);
        }
    }

    private sealed class Chunked(byte[] bytes, int chunk) : ForwardStream
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Math.Min(Math.Min(chunk, buffer.Length), bytes.Length - _position);
            bytes.AsMemory(_position, length).CopyTo(buffer);
            _position += length;
            return ValueTask.FromResult(length);
        }
    }
}
