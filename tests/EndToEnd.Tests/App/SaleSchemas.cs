using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;

namespace Streaming.EndToEnd.Tests.App;

/// <summary>What the registry knows of sales, asked as any HTTP client does.</summary>
internal static class SaleSchemas
{
    /// <summary>The number of fields of each schema, by its id.</summary>
    public static async Task<IReadOnlyDictionary<int, int>> ReadAsync(RunningApp app, CancellationToken cancellationToken)
    {
        using var http = app.App.CreateHttpClient("schema-registry");
        var fields = new Dictionary<int, int>();
        foreach (var version in (await http.GetFromJsonAsync<int[]>("subjects/sales-value/versions", cancellationToken))!)
        {
            var answer = await http.GetFromJsonAsync<JsonElement>($"subjects/sales-value/versions/{version}", cancellationToken);
            using var schema = JsonDocument.Parse(answer.GetProperty("schema").GetString()!);
            fields[answer.GetProperty("id").GetInt32()] = schema.RootElement.GetProperty("fields").GetArrayLength();
        }

        return fields;
    }
}
