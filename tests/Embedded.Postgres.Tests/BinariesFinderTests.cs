using Streaming.Embedded.Postgres.Binaries;

namespace Streaming.Embedded.Postgres.Tests;

public sealed class BinariesFinderTests
{
    [Fact]
    public async Task Where_neither_the_machine_nor_npm_has_PostgreSQL_the_message_names_every_way_out()
    {
        var thrown = await Assert.ThrowsAsync<PostgresStartException>(() => BinariesFinder.FindAsync(major: null, [], () => Task.FromResult<string?>(null), CancellationToken.None));

        Assert.StartsWith("PostgreSQL was not found", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("apt install postgresql", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("npm fetches it", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:streaming", thrown.Message, StringComparison.Ordinal);
    }
}
