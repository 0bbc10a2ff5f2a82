namespace Streaming.Contracts.Tests;

public sealed class ScenariosTests
{
    [Theory]
    [InlineData(null, "sales, shop, weather, iot")]
    [InlineData(" ", "sales, shop, weather, iot")]
    [InlineData("sales", "sales")]
    [InlineData("IoT , sales,", "sales, iot")]
    [InlineData("none", "")]
    public void Names_say_which_are_on(string? configured, string on) =>
        Assert.Equal(on, string.Join(", ", Scenarios.All.Where(Scenarios.Parse(configured).Contains)));

    [Theory]
    [InlineData("sales, shopp", "Scenarios names 'shopp'; there are: sales, shop, weather, iot; or 'none' alone; did you mean 'shop'?")]
    [InlineData("none, sales", "Scenarios names 'none'; there are: sales, shop, weather, iot; or 'none' alone.")]
    public void A_name_that_does_not_exist_is_named(string configured, string message) =>
        Assert.Equal(message, Assert.Throws<UnknownScenarioException>(() => Scenarios.Parse(configured)).Message);
}
