using FsCheck;
using FsCheck.Fluent;
using Streaming.Contracts.Formats;

namespace Streaming.Contracts.Tests.Formats;

/// <summary>What holds for all values; a failure prints the value and the seed.</summary>
public sealed class ValueFormatProperties
{
    [Fact]
    public void A_number_comes_back_as_it_was()
    {
        Prop.ForAll<int>(n => Returns(ValueFormats.Int32, n.ToString(System.Globalization.CultureInfo.InvariantCulture))).QuickCheckThrowOnFailure();
        Prop.ForAll<long>(n => Returns(ValueFormats.Int64, n.ToString(System.Globalization.CultureInfo.InvariantCulture))).QuickCheckThrowOnFailure();
        Prop.ForAll<double>(n => Returns(ValueFormats.Double, n.ToString(System.Globalization.CultureInfo.InvariantCulture))).QuickCheckThrowOnFailure();
        Prop.ForAll<float>(n => Returns(ValueFormats.Float, n.ToString(System.Globalization.CultureInfo.InvariantCulture))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Bytes_come_back_as_they_were() => Prop.ForAll<byte[]>(bytes =>
    {
        Assert.Equal(bytes, ValueFormats.Hex.Parse(ValueFormats.Hex.Render(bytes)));
        Assert.Equal(bytes, ValueFormats.Base64.Parse(ValueFormats.Base64.Render(bytes)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("list[string]")]
    [InlineData("list[list[string]]")]
    [InlineData("tuple[string,string,hex]")]
    public void Text_inside_others_comes_back_as_it_was(string name) => Prop.ForAll<NonNull<string>, bool>((text, isNull) =>
    {
        ValueFormat.TryGet(name, out var format, out _);
        var one = isNull ? "null" : System.Text.Json.JsonSerializer.Serialize(Whole(text.Get));
        var array = format!.Name switch
        {
            "list[string]" => $"[{one},{one}]",
            "list[list[string]]" => $"[[{one}],[],[{one},\"\"]]",
            _ => $"[{one},\"b\",\"00ff\"]",
        };
        var bytes = format.Parse(array);
        Assert.Equal(bytes, format.Parse(format.Render(bytes)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_inside_a_list_come_back_as_they_were() => Prop.ForAll<int?[]>(numbers =>
    {
        var format = ValueFormats.List(ValueFormats.Int32);
        var text = System.Text.Json.JsonSerializer.Serialize(numbers);
        Assert.Equal(text, format.Render(format.Parse(text)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_make_a_format_throw_or_take_memory_that_they_do_not_fill() => Prop.ForAll<byte[]>(bytes =>
    {
        foreach (var format in ValueFormats.Simple.Concat([ValueFormats.List(ValueFormats.Int64), ValueFormats.List(ValueFormats.String), ValueFormats.Tuple(ValueFormats.Int32, ValueFormats.Json)]))
        {
            foreach (byte[] input in new[] { bytes, [0, .. bytes], [1, .. bytes], [0, 0, 0, 0, .. bytes] })
            {
                if (format.TryRender(input, out var text, out _) && format != ValueFormats.Xml)
                {
                    Assert.True(format.TryParse(text, out _, out var problem), problem);
                }
            }
        }
    }).QuickCheckThrowOnFailure();

    private static void Returns(ValueFormat format, string text) => Assert.Equal(text, format.Render(format.Parse(text)));

    /// <summary>The generator makes halves of surrogate pairs too, which have no UTF-8.</summary>
    private static string Whole(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
