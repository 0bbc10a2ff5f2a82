using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Playwright;
using Streaming.EndToEnd.Tests.App;
using Streaming.EndToEnd.Tests.Browser;

namespace Streaming.EndToEnd.Tests;

/// <summary>The pages about Kafka, against what a plain client finds in the same cluster.</summary>
[Collection(AllScenarios.Name)]
public sealed partial class TopicsTests(RunningApp app, OneBrowser browser)
{
    private const int BoundMs = 60_000;

    [BrowserFact]
    public async Task The_pages_show_the_topics_messages_and_lag_that_a_plain_client_finds()
    {
        await using var open = await browser.OpenAsync(app.Dashboard, "topics?find=sales");
        var page = open.Page;

        var sales = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = "sales", Exact = true }) });
        await Assertions.Expect(sales.Locator("td").Nth(4)).ToHaveTextAsync(Rate(), new() { Timeout = BoundMs });
        Assert.InRange(Number(await sales.Locator("td").Nth(3).InnerTextAsync()), 1, SalesEnd());

        await sales.GetByRole(AriaRole.Link).ClickAsync();
        var message = page.GetByRole(AriaRole.Region, new() { Name = "Messages", Exact = true }).Locator("tbody tr").First;
        await Assertions.Expect(message.Locator("td").Nth(2)).ToHaveTextAsync(Digits(), new() { Timeout = BoundMs });
        var cells = await message.Locator("td").AllInnerTextsAsync();
        Assert.Equal(KeyAt((int)Number(cells[1]), Number(cells[2])), cells[3].Trim());

        await page.GotoAsync(new Uri(app.Dashboard, "groups?find=sales-by-store").ToString());
        var group = page.GetByRole(AriaRole.Region, new() { Name = "Groups", Exact = true }).Locator("tbody tr").First;
        await Assertions.Expect(group.Locator("td").Nth(3)).ToHaveTextAsync(Digits(), new() { Timeout = BoundMs });
        await Assertions.Expect(group.Locator("td").Nth(1)).ToHaveTextAsync("Stable", new() { Timeout = BoundMs });
    }

    /// <summary>The key at one place, read by a client of the test's own.</summary>
    private string KeyAt(int partition, long offset)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = app.Kafka, GroupId = "topics-test", EnableAutoCommit = false }).Build();
        consumer.Assign(new TopicPartitionOffset("sales", partition, offset));
        var record = consumer.Consume(TimeSpan.FromMilliseconds(BoundMs)) ?? throw new TimeoutException($"no record at {partition}@{offset}");
        Assert.Equal(offset, record.Offset.Value);
        return Encoding.UTF8.GetString(record.Message.Key);
    }

    private long SalesEnd()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = app.Kafka }).Build();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = app.Kafka, GroupId = "topics-test" }).Build();
        return admin.GetMetadata("sales", TimeSpan.FromMilliseconds(BoundMs)).Topics.Single().Partitions
            .Sum(p => consumer.QueryWatermarkOffsets(new TopicPartition("sales", p.PartitionId), TimeSpan.FromMilliseconds(BoundMs)).High.Value);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*[\d,.]*[1-9][\d,.]*\s*$")]
    private static partial Regex Rate();

    [GeneratedRegex(@"^\s*[\d,]+\s*$")]
    private static partial Regex Digits();
}
