using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Streaming.Data;

/// <summary>
/// All migrations as the one script that <c>dotnet ef migrations script --idempotent --no-transactions</c> makes of them: it applies those that a database lacks, and is to
/// be run in one transaction. Running it needs none of Entity Framework's models, whose making takes longer than everything else at a service's start.
/// </summary>
public static class MigrationScript
{
    private const string Resource = "streaming.sql";

    /// <summary>The ids of the migrations, first to last, as they stand in <c>__EFMigrationsHistory</c>.</summary>
    public static IReadOnlyList<string> Migrations { get; } = [.. typeof(MigrationScript).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>The script; null when it was not made anew after the last migration, which Entity Framework then has to apply itself.</summary>
    public static string? Read()
    {
        using var resource = typeof(MigrationScript).Assembly.GetManifestResourceStream(Resource);
        if (resource is null)
        {
            return null;
        }

        using var reader = new StreamReader(resource);
        var script = reader.ReadToEnd();
        return Migrations.All(id => script.Contains($"'{id}'", StringComparison.Ordinal)) ? script : null;
    }
}
