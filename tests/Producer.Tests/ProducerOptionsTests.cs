using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Streaming.Producer.Publishing;

namespace Streaming.Producer.Tests;

public sealed class ProducerOptionsTests
{
    [Theory]
    [InlineData("EventsPerSecond", "-1")]
    [InlineData("Format", "xml")]
    [InlineData("SaleSchema", "3")]
    [InlineData("OutOfOrderShare", "1.5")]
    [InlineData("LateShare", "-0.1")]
    [InlineData("MalformedShare", "2")]
    [InlineData("OutOfOrderness", "00:10:00")]
    [InlineData("LateAtMost", "00:00:01")]
    [InlineData("BackfillMinutes", "-5")]
    [InlineData("TraceEvery", "-1")]
    [InlineData("DeliveryTimeout", "00:00:00")]
    public void A_value_out_of_range_stops_the_start_and_is_named(string key, string value)
    {
        using var host = Build(key, value);

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains($"Producer:{key} is '{value}'; allowed: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_no_number_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Build("EventsPerSecond", "many"));

        Assert.Contains("'many' at 'Producer:EventsPerSecond'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        using var host = Build("Seed", "5");

        host.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal(5, host.Services.GetRequiredService<IOptions<ProducerOptions>>().Value.Seed);
    }

    private static IHost Build(string key, string value)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = "127.0.0.1:1",
            [$"Producer:{key}"] = value,
        });
        builder.AddPublishing("kafka");
        return builder.Build();
    }
}
