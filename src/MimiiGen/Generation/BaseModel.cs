namespace MimiiGen.Generation;

/// <summary>The model that a folder's low-rank updates are of: its U-Net, text encoder and codec are used.</summary>
/// <param name="Folder">Where it was.</param>
/// <param name="UNetSha256">Of its U-Net's weights.</param>
public sealed record BaseModel(string Folder, string UNetSha256);
