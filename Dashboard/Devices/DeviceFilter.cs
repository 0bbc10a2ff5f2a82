using System.Collections.Immutable;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Devices;

/// <summary>Which devices to list. Pure.</summary>
/// <param name="Site">Of one site; null: of all.</param>
/// <param name="Find">Whose ids hold this text, in any case; null: all.</param>
/// <param name="Only"><c>connected</c>, <c>silent</c> or <c>battery</c>; anything else: all.</param>
public sealed record DeviceFilter(string? Site, string? Find, string? Only)
{
    /// <summary>A battery below this is low, percent.</summary>
    public const double LowBattery = 15;

    public static DeviceFilter Of(ViewState view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return new DeviceFilter(view.Site, view.Find, view.Only);
    }

    /// <summary>Those that pass, in their order.</summary>
    public List<DeviceState> Apply(ImmutableArray<DeviceState> devices) => [.. devices.Where(Passes)];

    private bool Passes(DeviceState device) =>
        (Site is null || device.Site == Site)
        && (Find is null || device.Id.Contains(Find, StringComparison.OrdinalIgnoreCase))
        && Only switch
        {
            "connected" => device.IsConnected,
            "silent" => !device.IsConnected,
            "battery" => device.Battery < LowBattery,
            _ => true,
        };
}
