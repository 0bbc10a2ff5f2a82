using System.Text;
using Streaming.Contracts.Iot;

namespace Streaming.Producer.Scenarios.Iot;

/// <summary>A device: what never changes of it, and until when it is connected.</summary>
internal sealed class SimulatedDevice
{
    private static readonly TimeSpan ShortestLife = TimeSpan.FromDays(2);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(40);

    /// <summary>A battery is replaced before it is empty, percent.</summary>
    private const double ReplacedAt = 4;

    private readonly Site _site;
    private readonly double _offset;
    private readonly TimeSpan _batteryLife;
    private readonly TimeSpan _batteryAge;

    /// <param name="site">Where it stands.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="isFlapping">Whether its connection comes and goes.</param>
    /// <param name="uniform">Draws from 0 to 1.</param>
    public SimulatedDevice(Site site, int number, bool isFlapping, Func<double> uniform)
    {
        _site = site;
        Id = DeviceIds.Of(site.Id, number);
        Key = Encoding.UTF8.GetBytes(Id);
        IsFlapping = isFlapping;
        _offset = (uniform() - 0.5) * 3;
        _batteryLife = ShortestLife + (uniform() * (LongestLife - ShortestLife));
        _batteryAge = uniform() * _batteryLife;
    }

    public string Id { get; }

    public byte[] Key { get; }

    public bool IsFlapping { get; }

    /// <summary>When its connection is lost.</summary>
    public DateTimeOffset ConnectedUntil { get; set; }

    /// <summary>What it measures at a time.</summary>
    /// <param name="at">Milliseconds count.</param>
    /// <param name="noise">−1 to 1.</param>
    public Heartbeat Measure(DateTimeOffset at, double noise) => new(
        Id, _site.Id, Math.Round((decimal)(_site.TemperatureAt(at) + _offset + (noise * 0.4)), 2), BatteryAt(at), at.ToUnixTimeMilliseconds());

    /// <summary>It drains evenly and is full again when it has been replaced; a function of time alone, so that a restart of the Producer charges nothing.</summary>
    private decimal BatteryAt(DateTimeOffset at)
    {
        var age = (at - DateTimeOffset.UnixEpoch + _batteryAge).Ticks % _batteryLife.Ticks / (double)_batteryLife.Ticks;
        return Math.Round((decimal)(100 - (age * (100 - ReplacedAt))), 1);
    }
}
