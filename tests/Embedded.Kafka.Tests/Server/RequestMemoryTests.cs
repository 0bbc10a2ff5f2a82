using Streaming.Embedded.Kafka.Server;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Server;

public sealed class RequestMemoryTests
{
    [Fact]
    public async Task Who_finds_too_little_waits_in_order()
    {
        var memory = new RequestMemory(100);
        await memory.TakeAsync(80, CancellationToken.None);
        var large = memory.TakeAsync(60, CancellationToken.None).AsTask();
        var small = memory.TakeAsync(10, CancellationToken.None).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted);
        memory.Return(80);
        await Task.WhenAll(large, small);
    }

    [Fact]
    public async Task Who_gives_up_lets_the_next_one_in_and_keeps_nothing()
    {
        var memory = new RequestMemory(100);
        await memory.TakeAsync(50, CancellationToken.None);
        using var givesUp = new CancellationTokenSource();
        var first = memory.TakeAsync(100, givesUp.Token).AsTask();
        var second = memory.TakeAsync(50, CancellationToken.None).AsTask();
        await givesUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await second;
        memory.Return(100);
        await memory.TakeAsync(100, CancellationToken.None);
    }
}
