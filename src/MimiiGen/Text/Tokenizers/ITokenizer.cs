namespace MimiiGen.Text;

/// <summary>Turns a text into the token ids of a T5 model and back.</summary>
public interface ITokenizer
{
    /// <summary>The id that fills the end of shorter rows of a batch.</summary>
    long PadTokenId { get; }

    /// <summary>The id that ends every text.</summary>
    long EosTokenId { get; }

    /// <summary>The ids of a text, the closing <see cref="EosTokenId"/> included; an empty text gives that id alone.</summary>
    long[] Encode(string text);

    /// <summary>The text of some ids; padding, end, unknown and sentinel ids leave nothing behind.</summary>
    string Decode(IEnumerable<long> ids);
}
