using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Views;

public class ViewStateTests
{
    [Fact]
    public void The_default_view_needs_no_query() => Assert.Equal("", new ViewState().ToQuery());

    [Fact]
    public void A_view_comes_back_out_of_its_url()
    {
        var view = new ViewState
        {
            Live = "1h",
            From = Noon,
            To = Minute(90),
            Measure = Measure.Amount,
            Currency = "CHF",
            Store = "a&b=c ü",
            Sort = "Sum",
            Ascending = true,
            Page = 3,
        }.Toggle("x y").Toggle("z");

        Assert.Equal(view, ViewState.Parse(view.ToQuery()));
    }

    [Theory]
    [InlineData("?range=99y&page=-3&measure=weight&currency=EUROS")]
    [InlineData("?from=2026-11-21T12:00Z")]
    [InlineData("?from=2026-11-21T12:00Z&to=2026-11-20T12:00Z")]
    [InlineData("?from=2010-01-01&to=2026-01-01")]
    [InlineData("?from=yesterday&to=%00&page=99999999999999999999&dir=sideways")]
    [InlineData("?store=a%00b&product=%00&window=%00&of=%00&find=%00&site=%00&device=%00&sort=%00&hide=%00&pick=a%00&currency=A%00B")]
    public void What_is_not_understood_is_ignored(string query) => Assert.Equal(new ViewState(), ViewState.Parse(query));

    [Fact]
    public void A_value_of_more_than_1024_characters_is_ignored()
    {
        Assert.Equal(1024, ViewState.Parse("?store=" + new string('s', 1024)).Store?.Length);
        Assert.Equal(new ViewState(), ViewState.Parse($"?store={new string('s', 1025)}&hide={new string('h', 1025)}"));
    }

    [Fact]
    public void Another_page_keeps_the_range_and_not_the_filters()
    {
        var view = new ViewState { From = Noon, To = Minute(5), Store = "a", Page = 4 };

        Assert.Equal(new ViewState { From = Noon, To = Minute(5) }, view.ForNavigation());
    }
}
