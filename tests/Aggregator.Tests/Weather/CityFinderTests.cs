using Streaming.Aggregator.Pipelines.Weather;
using Streaming.Contracts.Weather;
using Xunit;

namespace Streaming.Aggregator.Tests.Weather;

public sealed class CityFinderTests
{
    [Theory]
    [InlineData("Rain in Zürich again.", "Zürich")]
    [InlineData("rain in zurich again", "Zürich")]
    [InlineData("ZÜRICH!", "Zürich")]
    [InlineData("Zu\u0308rich, with the dots as a character of their own", "Zürich")]
    [InlineData("#NewYork is windy", "New York")]
    [InlineData("NYC: trains late", "New York")]
    [InlineData("new york", "New York")]
    [InlineData("GENÈVE ou Genf", "Geneva")]
    [InlineData("İSTANBUL'da yağmur", "Istanbul")]
    [InlineData("Sao Paulo, São Paulo, #SãoPaulo", "São Paulo")]
    [InlineData("Rome's weather", "Rome")]
    [InlineData("Ciudad de México", "Mexico City")]
    public void A_city_is_found_however_it_is_written(string text, string city) => Assert.Equal(city, CityFinder.First(text));

    [Theory]
    [InlineData("")]
    [InlineData("What a day.")]
    [InlineData("Romeo and the Parisians")]
    [InlineData("Berliner Luft")]
    [InlineData("Mexico")]
    [InlineData("New  Yorker")]
    [InlineData("\ud800 half a character")]
    public void A_part_of_a_word_is_no_city(string text) => Assert.Null(CityFinder.First(text));

    [Theory]
    [InlineData("Paris has it worse than London", "Paris")]
    [InlineData("Left London, landing in Paris", "London")]
    [InlineData("parisian friends, now in Tokyo and Paris", "Tokyo")]
    public void Of_two_cities_the_first_one_counts(string text, string city) => Assert.Equal(city, CityFinder.First(text));

    [Fact]
    public void Every_city_is_found_under_all_its_names() =>
        Assert.All(Cities.All.SelectMany(city => city.OtherNames.Append(city.Name).Select(name => (city, name))), known => Assert.Equal(known.city.Name, CityFinder.First($"In {known.name}, today")));
}
