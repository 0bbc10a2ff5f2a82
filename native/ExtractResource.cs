using System;
using System.IO;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Build task: writes one embedded resource of an assembly to a file, if its SHA-256 is the expected one.</summary>
public class ExtractResource : Task
{
    [Required]
    public string Assembly { get; set; }

    [Required]
    public string Resource { get; set; }

    /// <summary>Expected hash of the resource, lower-case hexadecimal.</summary>
    [Required]
    public string Sha256 { get; set; }

    /// <summary>Appears complete or not at all (written beside it and renamed).</summary>
    [Required]
    public string Target { get; set; }

    public override bool Execute()
    {
        // Loaded from bytes: the file stays unlocked, and a package of another framework version is no conflict.
        var assembly = System.Reflection.Assembly.Load(File.ReadAllBytes(Assembly));
        using (var source = assembly.GetManifestResourceStream(Resource))
        {
            if (source == null)
            {
                Log.LogError("{0} has no resource {1}", Assembly, Resource);
                return false;
            }

            var content = new MemoryStream();
            source.CopyTo(content);
            return IsExpected(content.ToArray()) && Write(content.ToArray());
        }
    }

    private bool IsExpected(byte[] content)
    {
        using (var sha = SHA256.Create())
        {
            var actual = BitConverter.ToString(sha.ComputeHash(content)).Replace("-", "").ToLowerInvariant();
            if (actual == Sha256)
            {
                return true;
            }

            Log.LogError("{0} in {1} has the SHA-256 {2}, not {3}: it is not used", Resource, Assembly, actual, Sha256);
            return false;
        }
    }

    private bool Write(byte[] content)
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

        return true;
    }
}
