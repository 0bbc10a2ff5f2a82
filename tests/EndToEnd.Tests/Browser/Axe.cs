using Microsoft.Playwright;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>The accessibility rules of axe-core, run on a page as it stands; <c>axe-core.targets</c> provides the script.</summary>
internal static class Axe
{
    // Elements come with what is wrong with them; "moderate" and "minor" findings are advice.
    private const string Run = """
        async colours => {
            const only = colours ? { runOnly: { type: 'rule', values: ['color-contrast'] } } : {};
            const found = await axe.run(document, { resultTypes: ['violations'], ...only });
            return found.violations.filter(rule => rule.impact === 'serious' || rule.impact === 'critical').flatMap(rule => rule.nodes.map(node =>
                `${rule.impact} ${rule.id} at ${node.target.join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')} ${node.html.slice(0, 200)}`));
        }
        """;

    private static readonly Lazy<string> s_script = new(() =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, "axe", "axe.min.js");
        Assert.True(File.Exists(path), $"{path} is missing: Browser/axe-core.targets fetches it when the tests are built (npm, network).");
        return File.ReadAllText(path);
    });

    /// <summary>Makes the rules known to a page, until it is loaded anew.</summary>
    public static Task BringAsync(IPage page) => page.EvaluateAsync(s_script.Value);

    /// <summary>What breaks a rule seriously or critically.</summary>
    public static Task<string[]> ViolationsAsync(IPage page) => page.EvaluateAsync<string[]>(Run, false);

    /// <summary>The same for the rules that depend on the colours alone.</summary>
    public static Task<string[]> ViolationsOfColoursAsync(IPage page) => page.EvaluateAsync<string[]>(Run, true);
}
