namespace MimiiGen.Kernels;

/// <summary>
/// Keys and values of one attention head, laid out as <see cref="AttentionTile"/> reads them: the keys token after token, the values transposed, a block
/// of tokens at a time; both filled up with zeros to whole tiles.
/// </summary>
/// <param name="start">Room for <see cref="Floats"/>.</param>
/// <param name="tokens">Keys of the head, 1 or more.</param>
/// <param name="width">Channels of the head.</param>
internal readonly unsafe struct PackedHead(float* start, int tokens, int width)
{
    /// <summary>Tokens of a block: their scores for one tile of queries stay in the innermost cache.</summary>
    public const int Block = 8 * MicroKernel.Rows;

    public int Tokens => tokens;

    public int Width => width;

    /// <summary>Tokens in whole tiles.</summary>
    public int RoundedTokens => WholeTiles(tokens);

    /// <summary>(tokens in whole tiles, width).</summary>
    public float* Keys => start;

    /// <summary>The values of a block's tokens: (width in whole tiles, block).</summary>
    /// <param name="token">First of the block.</param>
    public float* Values(int token) => start + ((nint)RoundedTokens * width) + ((nint)token * WholeTiles(width));

    /// <summary>Floats that the keys and values of one head take.</summary>
    public static nint Floats(int tokens, int width) => ((nint)WholeTiles(tokens) * width) + ((nint)(tokens + Block - 1) / Block * Block * WholeTiles(width));

    /// <summary>Rounded up to the rows of a tile.</summary>
    public static int WholeTiles(int rows) => (rows + MicroKernel.Rows - 1) / MicroKernel.Rows * MicroKernel.Rows;

    /// <param name="keys">(tokens, width).</param>
    /// <param name="values">(tokens, width).</param>
    /// <param name="pitch">Floats from a token to the next.</param>
    public void Pack(float* keys, float* values, nint pitch)
    {
        new Span<float>(start, (int)Floats(tokens, width)).Clear();
        for (var token = 0; token < tokens; token++, keys += pitch, values += pitch)
        {
            new ReadOnlySpan<float>(keys, width).CopyTo(new Span<float>(Keys + ((nint)token * width), width));
            var column = Values(token / Block * Block) + (token % Block);
            for (var c = 0; c < width; c++) column[(nint)c * Block] = values[c];
        }
    }
}
