namespace Streaming.Embedded.SchemaRegistry.Tests;

/// <summary>The REST interface, as Confluent documents it.</summary>
public class RestTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string One = """{"type":"record","name":"r","fields":[{"name":"a","type":"int"}]}""";
    private const string WithDefault = """{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"b","type":"string","default":"x"}]}""";
    private const string WithoutDefault = """{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"c","type":"string"}]}""";

    private readonly RegistryApi _api = registry.Api;
    private readonly string _subject = registry.NewSubject();

    [Fact]
    public async Task A_schema_gets_an_id_and_is_found_by_it()
    {
        var id = await _api.IdOfAsync(_subject, One);
        (await _api.GetAsync($"schemas/ids/{id}")).Is($$"""{"schema":"{{Escape(One)}}"}""");
        (await _api.GetAsync($"subjects/{_subject}/versions")).Is("[1]");
        var version = $$"""{"subject":"{{_subject}}","version":1,"id":{{id}},"schema":"{{Escape(One)}}"}""";
        (await _api.GetAsync($"subjects/{_subject}/versions/1")).Is(version);
        (await _api.GetAsync($"subjects/{_subject}/versions/latest")).Is(version);
        (await _api.GetAsync($"subjects/{_subject}/versions/-1")).Is(version);
        (await _api.GetAsync($"subjects/{_subject}/versions/1/schema")).Is(One);
        (await _api.PostAsync($"subjects/{_subject}", RegistryApi.Body(One))).Is(version);
        Assert.Contains(_subject, (await _api.GetAsync("subjects")).Text, StringComparison.Ordinal);
        Assert.Contains(_subject, (await _api.GetAsync($"schemas/ids/{id}/versions")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_schema_has_the_same_id_and_version_however_it_is_written()
    {
        var id = await _api.IdOfAsync(_subject, One);
        var written = """ { "fields" : [ { "type" : {"type":"int"}, "name" : "a" } ], "name" : "r", "type" : "record" } """;
        Assert.Equal(id, await _api.IdOfAsync(_subject, written));
        Assert.Equal(id, await _api.IdOfAsync($"{_subject}-other", written));
        (await _api.GetAsync($"subjects/{_subject}/versions")).Is("[1]");
    }

    [Fact]
    public async Task A_compatible_schema_becomes_the_next_version_and_an_incompatible_one_is_refused()
    {
        await _api.IdOfAsync(_subject, One);
        await _api.IdOfAsync(_subject, WithDefault);
        var refused = await _api.RegisterAsync(_subject, WithoutDefault);
        refused.IsError(409, 409);
        Assert.Contains("READER_FIELD_MISSING_DEFAULT_VALUE", refused.Text, StringComparison.Ordinal);
        (await _api.GetAsync($"subjects/{_subject}/versions")).Is("[1,2]");
    }

    [Theory]
    [InlineData("NONE", true, true)]
    [InlineData("BACKWARD", false, true)]
    [InlineData("FORWARD", true, false)]
    [InlineData("FULL", false, false)]
    public async Task The_level_of_the_subject_decides(string level, bool mayAdd, bool mayDrop)
    {
        (await _api.PutAsync($"config/{_subject}", $$"""{"compatibility":"{{level}}"}""")).Is($$"""{"compatibility":"{{level}}"}""");
        (await _api.GetAsync($"config/{_subject}")).Is($$"""{"compatibilityLevel":"{{level}}"}""");
        await _api.IdOfAsync(_subject, One);
        Assert.Equal(mayAdd ? 200 : 409, (await _api.RegisterAsync(_subject, WithoutDefault)).Status);

        var other = registry.NewSubject();
        await _api.PutAsync($"config/{other}", $$"""{"compatibility":"{{level}}"}""");
        await _api.IdOfAsync(other, WithoutDefault);
        Assert.Equal(mayDrop ? 200 : 409, (await _api.RegisterAsync(other, One)).Status);
    }

    [Theory]
    [InlineData("BACKWARD_TRANSITIVE")]
    [InlineData("full")]
    [InlineData("")]
    public async Task Any_other_level_is_refused_and_says_which_there_are(string level)
    {
        var answer = await _api.PutAsync($"config/{_subject}", $$"""{"compatibility":"{{level}}"}""");
        answer.IsError(422, 42203);
        Assert.Contains("NONE, BACKWARD, FORWARD, FULL", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subject_without_a_level_has_the_global_one()
    {
        (await _api.GetAsync($"config/{_subject}")).IsError(404, 40408);
        (await _api.GetAsync($"config/{_subject}?defaultToGlobal=true")).Is("""{"compatibilityLevel":"BACKWARD"}""");
        await _api.PutAsync($"config/{_subject}", """{"compatibility":"NONE"}""");
        (await _api.DeleteAsync($"config/{_subject}")).Is("""{"compatibilityLevel":"NONE"}""");
        (await _api.GetAsync($"config/{_subject}")).IsError(404, 40408);
        (await _api.GetAsync("config")).Is("""{"compatibilityLevel":"BACKWARD"}""");
    }

    [Fact]
    public async Task Compatibility_is_told_without_registering()
    {
        (await _api.PostAsync($"compatibility/subjects/{_subject}/versions/latest", RegistryApi.Body(One))).Is("""{"is_compatible":true}""");
        (await _api.PostAsync($"compatibility/subjects/{_subject}/versions/1", RegistryApi.Body(One))).IsError(404, 40401);
        await _api.IdOfAsync(_subject, One);
        (await _api.PostAsync($"compatibility/subjects/{_subject}/versions/latest", RegistryApi.Body(WithDefault))).Is("""{"is_compatible":true}""");
        (await _api.PostAsync($"compatibility/subjects/{_subject}/versions", RegistryApi.Body(WithoutDefault))).Is("""{"is_compatible":false}""");
        var verbose = await _api.PostAsync($"compatibility/subjects/{_subject}/versions/1?verbose=true", RegistryApi.Body(WithoutDefault));
        Assert.Contains("READER_FIELD_MISSING_DEFAULT_VALUE", verbose.Json!["messages"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        (await _api.PostAsync($"compatibility/subjects/{_subject}/versions/7", RegistryApi.Body(One))).IsError(404, 40402);
        (await _api.GetAsync($"subjects/{_subject}/versions")).Is("[1]");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        (await _api.GetAsync($"subjects/{_subject}/versions")).IsError(404, 40401);
        (await _api.GetAsync($"subjects/{_subject}/versions/1")).IsError(404, 40401);
        (await _api.GetAsync("schemas/ids/2000000000")).IsError(404, 40403);
        (await _api.PostAsync($"subjects/{_subject}", RegistryApi.Body(One))).IsError(404, 40401);
        await _api.IdOfAsync(_subject, One);
        (await _api.GetAsync($"subjects/{_subject}/versions/2")).IsError(404, 40402);
        (await _api.GetAsync($"subjects/{_subject}/versions/0")).IsError(422, 42202);
        (await _api.GetAsync($"subjects/{_subject}/versions/first")).IsError(422, 42202);
        (await _api.PostAsync($"subjects/{_subject}", RegistryApi.Body(WithDefault))).IsError(404, 40403);
        (await _api.GetAsync("nothing")).IsError(404, 404);
    }

    [Fact]
    public async Task A_deleted_subject_keeps_its_ids_until_it_is_deleted_for_good()
    {
        var id = await _api.IdOfAsync(_subject, $$"""{"type":"record","name":"{{_subject.Replace('-', '_')}}","fields":[]}""");
        (await _api.DeleteAsync($"subjects/{_subject}?permanent=true")).IsError(404, 40405);
        (await _api.DeleteAsync($"subjects/{_subject}")).Is("[1]");
        (await _api.DeleteAsync($"subjects/{_subject}")).IsError(404, 40404);
        (await _api.GetAsync($"subjects/{_subject}/versions")).IsError(404, 40401);
        (await _api.GetAsync($"subjects/{_subject}/versions?deleted=true")).Is("[1]");
        Assert.Equal(200, (await _api.GetAsync($"schemas/ids/{id}")).Status);
        (await _api.DeleteAsync($"subjects/{_subject}?permanent=true")).Is("[1]");
        (await _api.GetAsync($"schemas/ids/{id}")).IsError(404, 40403);
        (await _api.DeleteAsync($"subjects/{_subject}?permanent=true")).IsError(404, 40401);
        Assert.True(await _api.IdOfAsync(_subject, One) > 0);
    }

    [Fact]
    public async Task A_deleted_version_counts_no_more_and_its_number_is_not_used_again()
    {
        await _api.IdOfAsync(_subject, One);
        var second = await _api.IdOfAsync(_subject, WithDefault);
        (await _api.DeleteAsync($"subjects/{_subject}/versions/2?permanent=true")).IsError(404, 40407);
        (await _api.DeleteAsync($"subjects/{_subject}/versions/latest")).Is("2");
        (await _api.DeleteAsync($"subjects/{_subject}/versions/2")).IsError(404, 40406);
        (await _api.GetAsync($"subjects/{_subject}/versions")).Is("[1]");
        Assert.Equal(second, await _api.IdOfAsync(_subject, WithDefault));
        (await _api.GetAsync($"subjects/{_subject}/versions")).Is("[1,3]");
        (await _api.DeleteAsync($"subjects/{_subject}/versions/2?permanent=true")).Is("2");
        (await _api.GetAsync($"subjects/{_subject}/versions?deleted=true")).Is("[1,3]");
    }

    [Fact]
    public async Task A_subject_may_have_any_name_that_is_text()
    {
        var name = Uri.EscapeDataString($"a/b {_subject} ü%");
        await _api.IdOfAsync(name, One);
        (await _api.GetAsync($"subjects/{name}/versions")).Is("[1]");
        Assert.Equal(400, (await _api.RegisterAsync("%00", One)).Status);
        (await _api.RegisterAsync("%01", One)).IsError(422, 42208);
        (await _api.RegisterAsync(new string('a', 300), One)).IsError(422, 42208);
    }

    private static string Escape(string json) => json.Replace("\"", "\\\"", StringComparison.Ordinal);
}
