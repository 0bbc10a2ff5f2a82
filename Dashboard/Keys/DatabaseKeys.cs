using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace Streaming.Dashboard.Keys;

/// <summary>Keeps Data Protection's keys in the table <c>data_protection_keys</c>. Synchronous, as its caller is: once at start, then about once a day.</summary>
internal sealed class DatabaseKeys(NpgsqlDataSource database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var keys = new List<XElement>();
        using var command = database.CreateCommand("SELECT xml FROM data_protection_keys ORDER BY created_at, name");
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            keys.Add(XElement.Parse(rows.GetString(0)));
        }

        return keys;
    }

    /// <summary>A name that is taken is the same key: two replicas never make one of the same id.</summary>
    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.CreateCommand(
            "INSERT INTO data_protection_keys (name, xml, created_at) VALUES ($1, $2, now()) ON CONFLICT (name) DO NOTHING");
        command.Parameters.Add(new NpgsqlParameter { Value = friendlyName });
        command.Parameters.Add(new NpgsqlParameter { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}
