using Streaming.AppHost;

namespace Streaming.EndToEnd.Tests.Tracing;

public sealed class TraceAddressTests
{
    [Theory]
    [InlineData("http://localhost:15080", "http://localhost:15080")]
    [InlineData("https://localhost:17080;http://localhost:15080", "https://localhost:17080")]
    [InlineData("http://+:15080/", "http://localhost:15080")]
    [InlineData("http://*:15080", "http://localhost:15080")]
    [InlineData("http://0.0.0.0:15080", "http://localhost:15080")]
    [InlineData("http://[::]:15080", "http://localhost:15080")]
    [InlineData("http://127.0.0.1:0;http://127.0.0.1:15080", "http://127.0.0.1:15080")]
    [InlineData("http://127.0.0.1:0", null)]
    [InlineData("net.pipe://localhost", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_dashboard_is_where_its_first_address_that_can_be_visited_says(string? urls, string? address) => Assert.Equal(address, TraceLinks.DashboardAddress(urls));
}
