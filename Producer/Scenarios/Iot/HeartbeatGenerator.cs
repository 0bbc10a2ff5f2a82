using Streaming.Contracts;
using Streaming.Contracts.Iot;

namespace Streaming.Producer.Scenarios.Iot;

/// <summary>
/// Simulates devices at some sites. Pure: all randomness comes from the seed, all time from the argument; the same calls give the same records. A device measures about
/// every <see cref="IotOptions.HeartbeatInterval"/> while it is connected, and nothing while it is not. Not safe for use by several threads.
/// </summary>
public sealed class HeartbeatGenerator
{
    private static readonly TimeSpan OutOfOrderness = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LateAtLeast = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan LateAtMost = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan FlappingConnected = TimeSpan.FromMinutes(4);

    // Longer than the gap that ends a connected period, shorter than what counts as silence.
    private static readonly TimeSpan FlappingSilent = TimeSpan.FromSeconds(75);

    private readonly IotOptions _options;
    private readonly SimulatedDevice[] _devices;
    private readonly Random _random;

    // When each device measures next, and what is still under way.
    private readonly PriorityQueue<SimulatedDevice, (long AtTicks, int Order)> _next = new();
    private readonly PriorityQueue<OutgoingRecord, (long AtTicks, long Order)> _underWay = new();
    private long _sent;

    /// <summary>A generator at its beginning, for options that have been validated.</summary>
    public HeartbeatGenerator(IotOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
#pragma warning disable CA5394 // Simulated devices are to be reproducible, not unpredictable.
        _random = new Random(options.Seed);
#pragma warning restore CA5394
        _devices = new SimulatedDevice[options.Devices];
        for (var i = 0; i < _devices.Length; i++)
        {
            var site = Site.All[i % Site.All.Count];
            _devices[i] = new SimulatedDevice(site, (i / Site.All.Count) + 1, Uniform() < options.FlappingShare, Uniform);
        }
    }

    /// <summary>The endless records from <paramref name="start"/> on, in the order in which they are sent. To be asked for once.</summary>
    public IEnumerable<OutgoingRecord> From(DateTimeOffset start)
    {
        Begin(start.ToUniversalTime());
        while (true)
        {
            _next.TryPeek(out _, out var measuring);
            if (_underWay.TryPeek(out _, out var sending) && sending.AtTicks <= measuring.AtTicks)
            {
                yield return _underWay.Dequeue();
            }
            else
            {
                Measure(_next.Dequeue(), new DateTimeOffset(measuring.AtTicks, TimeSpan.Zero), measuring.Order);
            }
        }
    }

    private void Begin(DateTimeOffset start)
    {
        for (var i = 0; i < _devices.Length; i++)
        {
            var (connected, silent) = Means(_devices[i]);
            var isSilent = Uniform() < silent / (silent + connected);
            var first = start + (isSilent ? Exponential(silent) : Uniform() * _options.HeartbeatInterval);
            _devices[i].ConnectedUntil = first + Exponential(connected);
            _next.Enqueue(_devices[i], (first.UtcTicks, i));
        }
    }

    private void Measure(SimulatedDevice device, DateTimeOffset now, int order)
    {
        Send(device, now);
        var next = now + (_options.HeartbeatInterval * (0.9 + (0.2 * Uniform())));
        if (next >= device.ConnectedUntil)
        {
            var (connected, silent) = Means(device);
            next = device.ConnectedUntil + (device.IsFlapping ? silent : silent * 0.5) + Exponential(device.IsFlapping ? silent * 0.1 : silent * 0.5);
            device.ConnectedUntil = next + Exponential(connected);
        }

        _next.Enqueue(device, (next.UtcTicks, order));
    }

    private void Send(SimulatedDevice device, DateTimeOffset now)
    {
        var heartbeat = device.Measure(now, (2 * Uniform()) - 1);
        var drawn = Uniform();
        var (value, delay) = drawn switch
        {
            _ when drawn < _options.BrokenShare => (BrokenHeartbeats.Spoil(heartbeat, BrokenHeartbeats.All[(int)(Uniform() * BrokenHeartbeats.All.Count)]), TimeSpan.Zero),
            _ when drawn < _options.BrokenShare + _options.LateShare => (HeartbeatJson.Encode(heartbeat), LateAtLeast + (Uniform() * (LateAtMost - LateAtLeast))),
            _ when drawn < _options.BrokenShare + _options.LateShare + _options.OutOfOrderShare => (HeartbeatJson.Encode(heartbeat), Uniform() * OutOfOrderness),
            _ => (HeartbeatJson.Encode(heartbeat), TimeSpan.Zero),
        };
        var sent = now + delay;
        _underWay.Enqueue(new OutgoingRecord(sent, Topics.DeviceEvents.Name, device.Key, value), (sent.UtcTicks, _sent++));
    }

    private (TimeSpan Connected, TimeSpan Silent) Means(SimulatedDevice device) =>
        device.IsFlapping ? (FlappingConnected, FlappingSilent) : (_options.ConnectedFor, _options.SilentFor);

    private TimeSpan Exponential(TimeSpan mean) => -Math.Log(1 - Uniform()) * mean;

#pragma warning disable CA5394 // Simulated devices are to be reproducible, not unpredictable.
    private double Uniform() => _random.NextDouble();
#pragma warning restore CA5394
}
