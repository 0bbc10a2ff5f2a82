using System.Text;
using Streaming.Embedded.Kafka.Storage.Compaction;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>The map of the latest offsets.</summary>
public class OffsetMapTests
{
    [Fact]
    public void Each_keys_latest_offset_is_found_however_the_map_grows()
    {
        var map = new OffsetMap(1 << 20);
        for (var offset = 0; offset < 30_000; offset++)
        {
            map.Put(Key(offset % 10_000), offset);
        }

        Assert.Equal(10_000, map.Count);
        Assert.All(Enumerable.Range(0, 10_000), key => Assert.Equal(20_000 + key, map.LatestOffset(Key(key))));
        Assert.Equal(-1, map.LatestOffset(Key(10_000)));
    }

    [Fact]
    public void The_empty_key_is_a_key_and_offset_0_an_offset()
    {
        var map = new OffsetMap(0);
        Assert.Equal(-1, map.LatestOffset([]));

        map.Put([], 0);

        Assert.Equal(0, map.LatestOffset([]));
    }

    [Theory]
    [InlineData(0, 768)]
    [InlineData(100_000, 3_072)] // 4,096 slots of 24 bytes fit, at three quarters full
    public void It_is_full_at_its_bound_and_still_takes_what_comes(long bytes, int keys)
    {
        var map = new OffsetMap(bytes);
        for (var key = 0; !map.IsFull; key++)
        {
            map.Put(Key(key), key);
        }
        Assert.Equal(keys, map.Count);

        map.Put(Key(1_000_000), 1_000_000);

        Assert.Equal((1_000_000, 0), (map.LatestOffset(Key(1_000_000)), map.LatestOffset(Key(0))));
    }

    private static byte[] Key(int key) => Encoding.UTF8.GetBytes($"key-{key}");
}
