using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace MimiiGen.Diffusion;

/// <summary>
/// How the codec's latents (batch, dimensions, frames) become the image (batch, channels, height, frames) the U-Net sees, and back:
/// the paper's 16 x 8 x 750 and its control 1 x 128 x 750 are both layouts of 128 x 750.
/// </summary>
/// <param name="Channels">Channels of the image.</param>
/// <param name="Height">Rows of the image; channels times height are the latents' dimensions.</param>
/// <param name="Interleaved">
/// False: channel c, row r shows dimension height * c + r (a plain view; neighbouring dimensions are neighbouring rows).
/// True: dimension channels * r + c (neighbouring dimensions are neighbouring channels).
/// </param>
public sealed record LatentLayout(int Channels, int Height, bool Interleaved = false)
{
    /// <summary>The paper's layout: 16 channels of 8 rows.</summary>
    public static LatentLayout SixteenChannels { get; } = new(16, 8);

    /// <summary>The paper's control: one channel of 128 rows.</summary>
    public static LatentLayout OneChannel { get; } = new(1, 128);

    /// <summary>Dimensions of the latents.</summary>
    [JsonIgnore]
    public int Dimensions => Channels * Height;

    /// <summary>The latents' dimension shown at a channel and row of the image.</summary>
    public int DimensionAt(int channel, int row) => Interleaved ? (Channels * row) + channel : (Height * channel) + row;

    /// <summary>Latents to image.</summary>
    /// <param name="latents">(batch, channels * height, frames).</param>
    /// <returns>(batch, channels, height, frames), sharing the latents' memory where it can.</returns>
    /// <exception cref="BadInputException">The latents have another number of dimensions.</exception>
    public Tensor ToImage(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.dim() != 3 || latents.shape[1] != Dimensions)
            throw new BadInputException($"latents of shape [{string.Join(", ", latents.shape)}] don't fit the layout {Channels} x {Height}; expected [batch, {Dimensions}, frames]");
        return Interleaved
            ? latents.unflatten(1, [Height, Channels]).transpose(1, 2) // (batch, channels, height, frames)
            : latents.unflatten(1, [Channels, Height]); // (batch, channels, height, frames)
    }

    /// <summary>Image to latents: the inverse of <see cref="ToImage"/>.</summary>
    /// <param name="image">(batch, channels, height, frames).</param>
    /// <returns>(batch, channels * height, frames).</returns>
    /// <exception cref="BadInputException">The image has another number of channels or rows.</exception>
    public Tensor ToLatents(Tensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.dim() != 4 || image.shape[1] != Channels || image.shape[2] != Height)
            throw new BadInputException($"an image of shape [{string.Join(", ", image.shape)}] doesn't fit the layout {Channels} x {Height}; expected [batch, {Channels}, {Height}, frames]");
        return (Interleaved ? image.transpose(1, 2) : image).flatten(1, 2); // (batch, channels * height, frames)
    }
}
