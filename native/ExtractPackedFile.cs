using System;
using System.IO;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Build task: writes one file out of an npm package (a gzipped tar archive), if the package's SHA-512 is the expected one.</summary>
public class ExtractPackedFile : Task
{
    /// <summary>A tar archive is made of blocks of so many bytes (POSIX.1-1988, ustar).</summary>
    private const int Block = 512;

    [Required]
    public string Package { get; set; }

    /// <summary>Path in the archive.</summary>
    [Required]
    public string Entry { get; set; }

    /// <summary>Expected hash of the package, lower-case hexadecimal.</summary>
    [Required]
    public string Sha512 { get; set; }

    /// <summary>Appears complete or not at all (written beside it and renamed).</summary>
    [Required]
    public string Target { get; set; }

    public override bool Execute()
    {
        var packed = File.ReadAllBytes(Package);
        if (!IsExpected(packed))
        {
            return false;
        }

        using (var unpacked = new MemoryStream())
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
            var content = Find(unpacked.ToArray());
            if (content == null)
            {
                Log.LogError("{0} has no file {1}", Package, Entry);
                return false;
            }

            Write(content);
            return true;
        }
    }

    private bool IsExpected(byte[] packed)
    {
        using (var sha = SHA512.Create())
        {
            var actual = BitConverter.ToString(sha.ComputeHash(packed)).Replace("-", "").ToLowerInvariant();
            if (actual != Sha512)
            {
                Log.LogError("{0} has the SHA-512 {1}, not {2}: it is not used", Package, actual, Sha512);
            }

            return actual == Sha512;
        }
    }

    /// <summary>The entry's bytes; null when the archive has none of that name. A header holds the name at 0 and the size, in octal digits, at 124.</summary>
    private byte[] Find(byte[] archive)
    {
        for (var at = 0; at + Block <= archive.Length && archive[at] != 0;)
        {
            var size = Convert.ToInt32(Text(archive, at + 124, 12).Trim(), 8);
            if (Text(archive, at, 100) == Entry)
            {
                var content = new byte[size];
                Buffer.BlockCopy(archive, at + Block, content, 0, size);
                return content;
            }

            at += Block + ((size + Block - 1) / Block * Block);
        }

        return null;
    }

    private static string Text(byte[] archive, int at, int length) => Encoding.ASCII.GetString(archive, at, length).Split('\0')[0];

    private void Write(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target));
        var temporary = Target + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, content);
        try
        {
            File.Move(temporary, Target);
        }
        catch (IOException) when (File.Exists(Target))
        {
            File.Delete(temporary); // another build was first
        }
    }
}
