using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Streaming.Embedded.Aspire.Tests.Hosting.Parts;

public sealed class ValueTests
{
    [Fact]
    public async Task An_expression_fills_its_holes_and_keeps_braces()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var parameter = builder.AddParameter("word", "value");

        var expression = ReferenceExpression.Create($"{{a}}={parameter};{"fixed"}");

        Assert.Equal("{a}=value;fixed", await expression.GetValueAsync(CancellationToken.None));
        Assert.Equal("{a}={word.value};fixed", expression.ValueExpression);
    }

    [Fact]
    public async Task A_configured_value_wins_over_the_one_in_the_model()
    {
        using var builder = DistributedApplicationTestingBuilder.Create("--Parameters:word=configured");

        Assert.Equal("configured", await builder.AddParameter("word", "value").Resource.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_missing_parameter_is_named_with_its_key()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var parameter = builder.AddParameter("word");

        var thrown = await Assert.ThrowsAsync<MissingParameterValueException>(async () => await parameter.Resource.GetValueAsync(CancellationToken.None));

        Assert.Contains("Parameters:word", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostgreSQL_is_described_as_Aspire_describes_it()
    {
        using var builder = DistributedApplicationTestingBuilder.Create("--Parameters:postgres-password=secret");
        var database = builder.AddPostgres("postgres").AddDatabase("figures", "db").Resource;
        var endpoint = database.Parent.PrimaryEndpoint.EndpointAnnotation;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", 5432);

        var properties = new Dictionary<string, string?>();
        foreach (var (key, value) in ((IResourceWithConnectionString)database).GetConnectionProperties())
        {
            properties[key] = await value.GetValueAsync(CancellationToken.None);
        }

        Assert.Equal(
            "Host=127.0.0.1;Port=5432;Username=postgres;Password=secret;Database=db", await database.ConnectionStringExpression.GetValueAsync(CancellationToken.None));
        Assert.Equal(["DatabaseName", "Host", "JdbcConnectionString", "Password", "Port", "Uri", "Username"], properties.Keys.Order());
        Assert.Equal("postgresql://postgres:secret@127.0.0.1:5432/db", properties["Uri"]);
        Assert.Equal("jdbc:postgresql://127.0.0.1:5432/db", properties["JdbcConnectionString"]);
    }

    [Theory]
    [InlineData("1st")]
    [InlineData("a--b")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_resource_name_of_another_form_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => new ContainerResource(name));
}
