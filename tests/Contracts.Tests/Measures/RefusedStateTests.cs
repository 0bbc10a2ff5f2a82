using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>One refusal each: bytes that would decode to something, but that no state is ever written as. The parts' forms are in <see cref="StateBytesTests"/>.</summary>
public class RefusedStateTests
{
    [Theory]
    [InlineData(MeasureKind.Quantile, "", "ends too early")]
    [InlineData(MeasureKind.Quantile, "010000", "a size is counted wrongly")]
    [InlineData(MeasureKind.Quantile, "0205010001", "its sizes do not ascend")]
    [InlineData(MeasureKind.Quantile, "01803A01", "its sizes do not ascend")]
    [InlineData(MeasureKind.Quantile, "0100FFFFFFFFFFFFFF7F", "more values than there can be")]
    [InlineData(MeasureKind.Quantile, "0200808080808080801001808080808080801001", "a size is counted wrongly")]
    [InlineData(MeasureKind.Quantile, "0500", "promises more than it holds")]
    [InlineData(MeasureKind.Quantile, "0000", "bytes follow its end")]
    [InlineData(MeasureKind.Quantile, "8000", "longer than it need be")]
    [InlineData(MeasureKind.Variance, "8100", "longer than it need be")]
    [InlineData(MeasureKind.Variance, "808080808080808001", "ends too early")]
    [InlineData(MeasureKind.Variance, "FFFFFFFFFFFFFFFFFFFF00", "a number")]
    [InlineData(MeasureKind.Variance, "FFFFFFFFFFFFFFFFFF0100", "larger than any")]
    [InlineData(MeasureKind.Variance, "00FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF04", "too large")]
    [InlineData(MeasureKind.First, "02000000", "neither there nor not")]
    [InlineData(MeasureKind.Last, "010000", "ends too early")]
    [InlineData(MeasureKind.Distinct, "02", "no known form")]
    [InlineData(MeasureKind.Distinct, "00020500", "do not ascend")]
    [InlineData(MeasureKind.Distinct, "000202FFFFFFFFFFFFFFFFFF01", "do not ascend")]
    [InlineData(MeasureKind.Distinct, "00810200", "promises more")]
    [InlineData(MeasureKind.Distinct, "01FFFF", "ends too early")]
    [InlineData(MeasureKind.Sum, "01040604", "contradict each other")]
    [InlineData(MeasureKind.Sum, "020A0204", "contradict each other")]
    [InlineData(MeasureKind.Sum, "02020204", "contradict each other")]
    public void Bytes_that_no_state_is_written_as_are_refused(MeasureKind kind, string hex, string why)
    {
        int field = kind == MeasureKind.Distinct ? 2 : kind == MeasureKind.Sum ? 1 : 0;
        var plan = new MeasurePlan(Cases.Full.Fields, [new("measure", kind, field, kind == MeasureKind.Quantile ? 0.5 : 0)]);
        byte[] bytes = [.. new MeasureState(plan).Encode()[..5], .. Convert.FromHexString(hex)];
        Assert.Contains(why, Assert.Throws<MeasureStateException>(() => MeasureState.Decode(plan, bytes)).Message);
    }

    [Fact]
    public void A_register_beyond_the_longest_run_of_zeros_is_refused()
    {
        var plan = new MeasurePlan(Cases.Full.Fields, [new("customers", MeasureKind.Distinct, 2)]);
        byte[] Registers(byte rank) => [.. new MeasureState(plan).Encode()[..5], 1, rank, .. new byte[3071]];
        Assert.Equal(Registers(53), MeasureState.Decode(plan, Registers(53)).Encode());
        Assert.Throws<MeasureStateException>(() => MeasureState.Decode(plan, Registers(54)));
    }
}
