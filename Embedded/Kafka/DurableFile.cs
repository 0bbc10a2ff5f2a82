using System.Text;

namespace Streaming.Embedded.Kafka;

/// <summary>Small text files that hold either their old or their new content after a crash.</summary>
internal static class DurableFile
{
    public static void Write(string path, string content)
    {
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
