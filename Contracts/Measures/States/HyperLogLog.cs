using System.Numerics;

namespace Streaming.Contracts.Measures;

/// <summary>
/// HyperLogLog of precision 12: 4,096 registers, standard error 1.04 / √4096 = 1.6 % (Flajolet, Fusy, Gandouet, Meunier: "HyperLogLog: the analysis of a
/// near-optimal cardinality estimation algorithm", 2007), over 64-bit hashes. The estimate is Otmar Ertl's ("New cardinality estimation algorithms for
/// HyperLogLog sketches", 2017, algorithm 6), which is free of bias over the whole range without linear counting below a threshold and without tables.
/// </summary>
internal sealed class HyperLogLog
{
    public const int ApproximateBytes = Registers + 40;

    private const int Precision = 12;
    private const int Registers = 1 << Precision;
    private const int HashBits = 64 - Precision;
    private const int MaxRank = HashBits + 1;
    private const int BitsPerRegister = 6;
    private const int EncodedBytes = Registers * BitsPerRegister / 8;

    private readonly byte[] _ranks;

    public HyperLogLog()
        : this(new byte[Registers])
    {
    }

    private HyperLogLog(byte[] ranks) => _ranks = ranks;

    /// <param name="identity">A hash already, but spread once more: a decoder may have put in a plain number.</param>
    public void Add(ulong identity)
    {
        ulong hash = StableHash.Avalanche(identity);
        int register = (int)(hash >> HashBits);
        // The bit below the hash's own ends the run of zeros at MaxRank.
        byte rank = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
        if (rank > _ranks[register])
        {
            _ranks[register] = rank;
        }
    }

    public void Merge(HyperLogLog other)
    {
        for (int i = 0; i < Registers; i++)
        {
            _ranks[i] = Math.Max(_ranks[i], other._ranks[i]);
        }
    }

    public HyperLogLog Clone() => new([.. _ranks]);

    public double Estimate()
    {
        Span<int> registersOfRank = stackalloc int[MaxRank + 1];
        registersOfRank.Clear();
        foreach (byte rank in _ranks)
        {
            registersOfRank[rank]++;
        }

        double z = Registers * Tau(1 - ((double)registersOfRank[MaxRank] / Registers));
        for (int rank = HashBits; rank >= 1; rank--)
        {
            z = 0.5 * (z + registersOfRank[rank]);
        }

        z += Registers * Sigma((double)registersOfRank[0] / Registers);
        return Registers / (2 * Math.Log(2)) * Registers / z;
    }

    /// <summary>The registers, 6 bits each, four in three bytes.</summary>
    public void Write(StateWriter writer)
    {
        Span<byte> packed = stackalloc byte[EncodedBytes];
        for (int i = 0, at = 0; i < Registers; i += 4, at += 3)
        {
            int four = _ranks[i] | (_ranks[i + 1] << 6) | (_ranks[i + 2] << 12) | (_ranks[i + 3] << 18);
            packed[at] = (byte)four;
            packed[at + 1] = (byte)(four >> 8);
            packed[at + 2] = (byte)(four >> 16);
        }

        writer.Bytes(packed);
    }

    public static HyperLogLog Read(ref StateReader reader)
    {
        ReadOnlySpan<byte> packed = reader.Bytes(EncodedBytes);
        var ranks = new byte[Registers];
        for (int i = 0, at = 0; i < Registers; i += 4, at += 3)
        {
            int four = packed[at] | (packed[at + 1] << 8) | (packed[at + 2] << 16);
            for (int j = 0; j < 4; j++, four >>= BitsPerRegister)
            {
                ranks[i + j] = (byte)(four & ((1 << BitsPerRegister) - 1));
            }
        }

        StateReader.Demand(!ranks.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)MaxRank), "a register is larger than any can be");
        return new HyperLogLog(ranks);
    }

    // Σ x^(2^k) 2^(k-1) and its start: what the empty registers contribute.
    private static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        double sum = x, weight = 1, before;
        do
        {
            x *= x;
            before = sum;
            sum += x * weight;
            weight += weight;
        }
        while (sum != before);
        return sum;
    }

    // What the registers contribute that are full.
    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        double sum = 1 - x, weight = 1, before;
        do
        {
            x = Math.Sqrt(x);
            before = sum;
            weight *= 0.5;
            sum -= (1 - x) * (1 - x) * weight;
        }
        while (sum != before);
        return sum / 3;
    }
}
