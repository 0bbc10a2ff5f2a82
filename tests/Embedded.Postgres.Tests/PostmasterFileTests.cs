using Streaming.Embedded.Postgres.Cluster;

namespace Streaming.Embedded.Postgres.Tests;

public sealed class PostmasterFileTests
{
    [Fact]
    public void Whole_file_tells_process_port_and_state()
    {
        var file = PostmasterFile.Parse("4711\n/data/cluster\n1700000000\n5433\n\n127.0.0.1\n  12345  6789\nready   \n");
        Assert.Equal(new PostmasterFile(4711, 5433, IsReady: true), file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("47")]
    [InlineData("not a number\n")]
    public void File_that_is_still_being_written_is_no_answer(string text) => Assert.Null(PostmasterFile.Parse(text));

    [Fact]
    public void Server_that_is_starting_is_not_ready() =>
        Assert.False(PostmasterFile.Parse("4711\n/data\n1\n5433\n\n127.0.0.1\n  1 2\nstarting\n")!.IsReady);
}
