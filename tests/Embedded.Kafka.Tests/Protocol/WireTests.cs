using FsCheck;
using FsCheck.Fluent;
using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Protocol;

public sealed class WireTests
{
    [Fact]
    public void Every_primitive_reads_back_as_it_was_written_in_both_forms()
    {
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            ArbMap.Default.ArbFor<(int, long, short)>(), ArbMap.Default.ArbFor<(NonNull<string>, byte[], Guid)>(), ArbMap.Default.ArbFor<(int[], uint, bool)>(),
            (numbers, things, more) =>
            {
                var cleaned = (Clean(things.Item1.Get), things.Item2 ?? [], things.Item3);
                RoundTrip(flexible: false, numbers, cleaned, (more.Item1 ?? [], more.Item2, more.Item3));
                RoundTrip(flexible: true, numbers, cleaned, (more.Item1 ?? [], more.Item2, more.Item3));
            }));
    }

    [Theory]
    [InlineData("80808080")] // never ends
    [InlineData("FFFFFFFF1F")] // 33 bits
    public void A_varint_that_is_too_long_is_refused(string hex) => Refused(hex, true, static (ref WireReader r) => r.ReadUnsignedVarint());

    [Theory]
    [InlineData("7FFF41", false)] // 32,767 bytes announced, one there
    [InlineData("FFFFFFFF0F", true)]
    [InlineData("8000", false)]
    [InlineData("0002C328", false)] // not UTF-8
    [InlineData("FFFF", false)] // null where there must be one
    public void A_string_that_cannot_be_is_refused(string hex, bool flexible) => Refused(hex, flexible, static (ref WireReader r) => r.ReadString());

    [Theory]
    [InlineData("7FFFFFFF00000000", false)]
    [InlineData("FFFFFFFF0700", true)]
    [InlineData("80000000", false)]
    [InlineData("00000003" + "00000001" + "00000002", false)]
    public void An_array_that_cannot_be_is_refused(string hex, bool flexible) => Refused(hex, flexible, static (ref WireReader r) => r.ReadInt32Array());

    [Fact]
    public void A_huge_array_takes_no_memory_before_its_elements_have_come()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused("7FFFFFFF", false, static (ref WireReader r) => r.ReadArray(static (ref WireReader e) => e.ReadInt64()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Unknown_tagged_fields_are_passed_over()
    {
        var reader = new WireReader(Convert.FromHexString("02" + "0502AABB" + "6400" + "07"), flexible: true);
        reader.SkipTaggedFields();
        Assert.Equal(7, reader.ReadByte());
    }

    /// <summary>Lone surrogates have no UTF-8 form.</summary>
    private static string Clean(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);

    private static void RoundTrip(bool flexible, (int, long, short) numbers, (string, byte[], Guid) things, (int[], uint, bool) more)
    {
        using var writer = new WireWriter();
        writer.BeginBody(0, flexible);
        writer.WriteInt32(numbers.Item1);
        writer.WriteInt64(numbers.Item2);
        writer.WriteInt16(numbers.Item3);
        writer.WriteString(things.Item1);
        writer.WriteNullableString(null);
        writer.WriteBytes(things.Item2);
        writer.WriteUuid(things.Item3);
        writer.WriteInt32Array(more.Item1);
        writer.WriteNullArray();
        writer.WriteUnsignedVarint(more.Item2);
        writer.WriteBoolean(more.Item3);
        writer.WriteTaggedFields();

        var reader = new WireReader(writer.Written, flexible: flexible);
        Assert.Equal(numbers, (reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt16()));
        Assert.Equal(things.Item1, reader.ReadString());
        Assert.Null(reader.ReadNullableString());
        Assert.Equal(things.Item2, reader.ReadBytes().ToArray());
        Assert.Equal(things.Item3, reader.ReadUuid());
        Assert.Equal(more.Item1, reader.ReadInt32Array());
        Assert.Null(reader.ReadNullableArray(static (ref WireReader r) => r.ReadByte()));
        Assert.Equal((more.Item2, more.Item3), (reader.ReadUnsignedVarint(), reader.ReadBoolean()));
        reader.SkipTaggedFields();
        Assert.Equal(0, reader.Remaining);
    }

    private static void Refused<T>(string hex, bool flexible, WireReader.ElementReader<T> read) =>
        Assert.Throws<MalformedRequestException>(() =>
        {
            var reader = new WireReader(Convert.FromHexString(hex), flexible: flexible);
            read(ref reader);
        });
}
