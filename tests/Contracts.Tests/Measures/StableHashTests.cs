using System.Numerics;
using System.Text;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

public class StableHashTests
{
    // From the reference implementation of XXH64 with seed 0.
    [Theory]
    [InlineData(0, 0xEF46DB3751D8E999UL)]
    [InlineData(1, 0xE934A84ADB052768UL)]
    [InlineData(3, 0xE5C7BB4533BC65DDUL)]
    [InlineData(4, 0xFFCED8604453CC1EUL)]
    [InlineData(7, 0x14CC643F630C72D2UL)]
    [InlineData(8, 0x884A173614B81B8DUL)]
    [InlineData(15, 0xA948F5F0F6ABAC2DUL)]
    [InlineData(31, 0xC346D2B59B4D8EE1UL)]
    [InlineData(32, 0xCBF59C5116FF32B4UL)]
    [InlineData(33, 0x0C535D1ACAFB8EADUL)]
    [InlineData(63, 0xE26AA9E2A95F8E4FUL)]
    [InlineData(64, 0xF7C67301DB6713F0UL)]
    [InlineData(100, 0x6AC1E58032166597UL)]
    [InlineData(256, 0x1FACBE8406CD904BUL)]
    public void It_is_XXH64(int length, ulong expected) =>
        Assert.Equal(expected, StableHash.Of([.. Enumerable.Range(0, length).Select(i => (byte)i)]));

    [Fact]
    public void Text_has_the_reference_hash() => Assert.Equal(0x44BC2CF5AD770999UL, StableHash.Of("abc"u8));

    [Fact]
    public void An_identity_is_the_same_64_bits() =>
        Assert.Equal(StableHash.Of("zürich-1"u8), (ulong)StableHash.IdentityOf(Encoding.UTF8.GetBytes("zürich-1")));

    [Fact]
    public void One_changed_bit_changes_about_half_of_the_hash()
    {
        var key = "customer-00042"u8.ToArray();
        ulong before = StableHash.Of(key);
        var flips = new List<int>();
        for (int bit = 0; bit < key.Length * 8; bit++)
        {
            byte[] changed = [.. key];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            flips.Add(BitOperations.PopCount(before ^ StableHash.Of(changed)));
        }

        Assert.All(flips, flipped => Assert.InRange(flipped, 12, 52));
        Assert.InRange(flips.Average(), 30, 34);
    }
}
