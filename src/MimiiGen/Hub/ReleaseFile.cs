namespace MimiiGen.Hub;

/// <summary>
/// Published weights that lie on no hub: one file at an address of its own. Its SHA-256 is known beforehand (of torch.hub's releases the name holds its
/// beginning), so whoever hands the file out need not be trusted.
/// </summary>
/// <param name="Address">Where it is published.</param>
/// <param name="Content">Its name, size and SHA-256.</param>
public sealed record ReleaseFile(Uri Address, HubFile Content)
{
    internal ReleaseFile(string address, long size, string sha256)
        : this(new Uri(address), new HubFile(Path.GetFileName(address), size, sha256))
    {
    }

    /// <summary>Where to ask for it: its own address, or the same path below a mirror's.</summary>
    internal Uri AddressOn(Uri? mirror) => mirror is null ? Address : new Uri(mirror, Address.AbsolutePath.TrimStart('/'));
}
