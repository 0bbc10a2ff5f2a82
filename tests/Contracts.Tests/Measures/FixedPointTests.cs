using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

public class FixedPointTests
{
    [Theory]
    [InlineData("0", 2, 0)]
    [InlineData("-0", 2, 0)]
    [InlineData("-0.0e-5", 2, 0)]
    [InlineData("12.34", 2, 1234)]
    [InlineData("-12.34", 2, -1234)]
    [InlineData("12", 9, 12_000_000_000)]
    [InlineData("0.1", 9, 100_000_000)]
    [InlineData("1.5e3", 2, 150_000)]
    [InlineData("15E+2", 0, 1500)]
    [InlineData("123456e-4", 2, 1235)]
    [InlineData("0e99999999999999999999999", 2, 0)]
    [InlineData("1e-99999999999999999999999", 2, 0)]
    [InlineData("9223372036854775807", 0, long.MaxValue)]
    [InlineData("-9223372036854775808", 0, long.MinValue)]
    [InlineData("92233720368547758.07", 2, long.MaxValue)]
    [InlineData("92233720368547758.0749999", 2, long.MaxValue)]
    [InlineData("0.000000000000000000000000000000000000000001e42", 0, 1)]
    [InlineData("1000000000000000000000000000000000000000000e-42", 0, 1)]
    public void A_number_is_read_exactly(string text, int scale, long expected) =>
        Assert.Equal((FixedPointError.None, expected), Parse(text, scale));

    [Theory]
    [InlineData("12.345", 1234)]
    [InlineData("12.355", 1236)]
    [InlineData("-12.345", -1234)]
    [InlineData("12.3450000000000000000000000000001", 1235)]
    [InlineData("12.3449999999999999999999999999999", 1234)]
    [InlineData("0.005", 0)]
    [InlineData("0.0051", 1)]
    [InlineData("0.0009", 0)]
    [InlineData("0.995", 100)]
    [InlineData("9.5e-2", 10)]
    [InlineData("5e-3", 0)]
    [InlineData("15e-3", 2)]
    [InlineData("99e-4", 1)]
    public void Digits_beyond_the_scale_are_rounded_half_to_even(string text, long expected) =>
        Assert.Equal((FixedPointError.None, expected), Parse(text, 2));

    [Theory]
    [InlineData("9223372036854775808", 0)]
    [InlineData("-9223372036854775809", 0)]
    [InlineData("9223372036854775807.5", 0)]
    [InlineData("92233720368547758.08", 2)]
    [InlineData("10000000000", 9)]
    [InlineData("1e400", 0)]
    [InlineData("1e99999999999999999999999", 0)]
    [InlineData("123456789012345678901234567890123456789012345678901234567890", 0)]
    public void What_is_beyond_a_long_is_refused(string text, int scale) => Assert.Equal((FixedPointError.OutOfRange, 0), Parse(text, scale));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e5.5")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("null")]
    [InlineData("१")]
    public void What_is_no_JSON_number_is_malformed(string text) => Assert.Equal((FixedPointError.Malformed, 0), Parse(text, 2));

    [Theory]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("-inf")]
    public void NaN_and_infinity_are_named(string text) => Assert.Equal((FixedPointError.NotFinite, 0), Parse(text, 2));

    [Fact]
    public void A_megabyte_of_digits_is_read_or_refused_like_any_other()
    {
        Assert.Equal((FixedPointError.None, 33), Parse("0." + new string('3', 1 << 20), 2));
        Assert.Equal((FixedPointError.OutOfRange, 0), Parse(new string('3', 1 << 20), 2));
        Assert.Equal((FixedPointError.None, 3), Parse(new string('3', 1 << 20) + "e-" + ((1 << 20) - 1), 0));
    }

    [Fact]
    public void Any_number_is_read_as_integer_arithmetic_says() => Claim.Holds(
        Arb.From(
            from sign in Gen.Elements("", "-")
            from whole in Gen.OneOf(Gen.Choose(0, 99).Select(n => (BigInteger)n), Cases.Values.Select(n => BigInteger.Abs(n)))
            from fraction in Gen.Elements('0', '4', '5', '9', '1').ArrayOf()
            from exponent in Gen.Choose(-25, 25)
            from scale in Gen.Choose(0, 9)
            select (Whole: sign + whole.ToString(CultureInfo.InvariantCulture), Fraction: new string(fraction), Exponent: exponent, Scale: scale)),
        c =>
        {
            string text = c.Whole + (c.Fraction.Length > 0 ? "." + c.Fraction : "") + (c.Exponent == 0 ? "" : $"e{c.Exponent}");
            BigInteger expected = Rounded(BigInteger.Parse(c.Whole + c.Fraction, CultureInfo.InvariantCulture), c.Exponent - c.Fraction.Length + c.Scale);
            bool fits = expected >= long.MinValue && expected <= long.MaxValue;
            Assert.Equal(fits ? (FixedPointError.None, (long)expected) : (FixedPointError.OutOfRange, 0), Parse(text, c.Scale));
        },
        tests: 2_000);

    [Theory]
    [InlineData("12.345", 2, 1234)]
    [InlineData("-0.5", 0, 0)]
    [InlineData("92233720368547758.07", 2, long.MaxValue)]
    [InlineData("-9223372036.854775808", 9, long.MinValue)]
    public void A_decimal_becomes_the_same(string text, int scale, long expected)
    {
        Assert.Equal(FixedPointError.None, FixedPoint.FromDecimal(decimal.Parse(text, CultureInfo.InvariantCulture), scale, out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("92233720368547758.08", 2)]
    [InlineData("-9223372036.854775809", 9)]
    [InlineData("79228162514264337593543950335", 9)]
    public void A_decimal_beyond_a_long_is_refused(string text, int scale) => Assert.Equal(
        FixedPointError.OutOfRange, FixedPoint.FromDecimal(decimal.Parse(text, CultureInfo.InvariantCulture), scale, out _));

    [Theory]
    [InlineData(1230, 2, "12.30")]
    [InlineData(-5, 3, "-0.005")]
    [InlineData(long.MinValue, 9, "-9223372036.854775808")]
    [InlineData(long.MaxValue, 0, "9223372036854775807")]
    public void A_scaled_long_is_shown_exactly(long value, int scale, string expected) =>
        Assert.Equal(expected, FixedPoint.ToDecimal(value, scale).ToString(CultureInfo.InvariantCulture));

    private static (FixedPointError, long) Parse(string text, int scale) =>
        (FixedPoint.Parse(Encoding.UTF8.GetBytes(text), scale, out long value), value);

    private static BigInteger Rounded(BigInteger digits, int shift)
    {
        if (shift >= 0)
        {
            return digits * BigInteger.Pow(10, shift);
        }

        BigInteger divisor = BigInteger.Pow(10, -shift);
        BigInteger quotient = BigInteger.DivRem(BigInteger.Abs(digits), divisor, out BigInteger rest);
        int half = (2 * rest).CompareTo(divisor);
        quotient += half > 0 || (half == 0 && !quotient.IsEven) ? 1 : 0;
        return digits.Sign * quotient;
    }
}
