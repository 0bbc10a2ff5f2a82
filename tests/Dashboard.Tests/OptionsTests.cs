namespace Streaming.Dashboard.Tests;

public class OptionsTests
{
    private readonly DashboardOptionsValidator _validator = new();

    [Fact]
    public void The_defaults_are_valid() => Assert.True(_validator.Validate(null, new DashboardOptions()).Succeeded);

    [Fact]
    public void A_wrong_setting_is_named_with_its_value()
    {
        var result = _validator.Validate(null, new DashboardOptions { MinUpdateInterval = TimeSpan.FromMilliseconds(1), MaxWindows = -4 });

        Assert.Contains("Dashboard:MinUpdateInterval is 00:00:00.0010000", result.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("Dashboard:MaxWindows is -4", result.FailureMessage, StringComparison.Ordinal);
    }
}
