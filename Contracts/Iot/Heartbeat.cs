namespace Streaming.Contracts.Iot;

/// <summary>What a device sends every few seconds; the topic <c>device-events</c> carries it under the device's id.</summary>
/// <param name="DeviceId">Its id: its site's, a hyphen, and what tells it from the site's others (<see cref="DeviceIds"/>).</param>
/// <param name="Site">Where it stands.</param>
/// <param name="Temperature">In °C; two digits after the point count.</param>
/// <param name="Battery">Its charge in percent, 0 to 100; one digit after the point counts.</param>
/// <param name="Ts">When it measured this, milliseconds since the Unix epoch.</param>
public sealed record Heartbeat(string DeviceId, string Site, decimal Temperature, decimal Battery, long Ts)
{
    /// <summary>The coldest and the hottest that such a device can measure, °C.</summary>
    public const decimal Coldest = -60m, Hottest = 125m;

    /// <summary>A full battery, percent.</summary>
    public const decimal FullBattery = 100m;
}

/// <summary>Ids of devices: <c>oslo-0042</c> stands in <c>oslo</c>. So whoever has only the id knows the site.</summary>
public static class DeviceIds
{
    /// <summary>The id of a site's device.</summary>
    public static string Of(string site, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{site}-{number:0000}");

    /// <summary>The site: what stands before the last hyphen; null where there is none.</summary>
    public static string? SiteOf(string deviceId)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        var hyphen = deviceId.LastIndexOf('-');
        return hyphen > 0 ? deviceId[..hyphen] : null;
    }
}
