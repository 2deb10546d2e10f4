using System.Security.Cryptography;

namespace MimiiGen.Checkpoints;

/// <summary>Says which file it was: results and records name weights by their hash.</summary>
public static class FileHash
{
    /// <summary>The SHA-256 of a file in lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
