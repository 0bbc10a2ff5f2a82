namespace Streaming.Embedded.Kafka;

/// <summary>The cluster id, made once per data folder: 16 random bytes as URL-safe base64, as Kafka's.</summary>
internal static class BrokerIdentity
{
    public static string LoadOrCreate(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } stored)
        {
            return stored;
        }

        var created = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        DurableFile.Write(path, created);
        return created;
    }
}
