using System.Security.Cryptography;
using System.Text;

namespace MimiiGen.Hub;

/// <summary>A file of a published model.</summary>
/// <param name="Name">Its path in the repository, with <c>/</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">
/// What its content has to hash to, in lower-case hexadecimal: 64 digits are its SHA-256 (large files), 40 the SHA-1 that git gives it (the small ones).
/// It is the file's name in the cache too.
/// </param>
public sealed record HubFile(string Name, long Size, string Hash)
{
    /// <summary>Whether a file on disk is this one.</summary>
    public bool IsContentOf(string path) => new FileInfo(path).Length == Size && HashOf(path, Hash.Length) == Hash;

    /// <summary>The hash of a file, of the kind that has that many digits.</summary>
    internal static string HashOf(string path, int digits)
    {
        using var stream = File.OpenRead(path);
        if (digits == 64) return Convert.ToHexStringLower(SHA256.HashData(stream));
#pragma warning disable CA5350 // git names its objects by SHA-1; the hub offers nothing else for small files
        using var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        git.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;) git.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(git.GetHashAndReset());
    }
}
