using System.Text;

namespace MimiiGen.Text;

/// <summary>What a SentencePiece model file says (sentencepiece_model.proto): the pieces with their log probabilities, and how to normalise.</summary>
internal sealed record SentencePieceModel(IReadOnlyList<SentencePiece> Pieces, byte[] CharacterMap)
{
    private const int Unigram = 1;

    /// <exception cref="BadInputException">The file is missing or no unigram model.</exception>
    public static SentencePieceModel Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such file; a T5 model folder needs its spiece.model");
        var pieces = new List<SentencePiece>();
        byte[] map = [];
        var type = 0;
        try
        {
            var model = new ProtobufReader(File.ReadAllBytes(path));
            while (model.Next())
            {
                if (model.Field == 1) pieces.Add(Piece(model.Bytes));
                else if (model.Field == 2) type = Algorithm(model.Bytes);
                else if (model.Field == 3) map = Map(model.Bytes);
            }
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw new BadInputException($"{path}: no SentencePiece model ({e.Message}); fetch it again", e);
        }

        if (type != Unigram || map.Length == 0 || pieces.Count <= SpecialTokens.Unknown || pieces[(int)SpecialTokens.Unknown].Kind != PieceKind.Unknown)
            throw new BadInputException($"{path}: not the SentencePiece model of a T5 (unigram with a character map, unknown 2), or cut short");
        return new SentencePieceModel(pieces, map);
    }

    private static SentencePiece Piece(ReadOnlySpan<byte> message)
    {
        var (text, score, kind) = ("", 0f, PieceKind.Normal);
        var piece = new ProtobufReader(message);
        while (piece.Next())
        {
            if (piece.Field == 1) text = Encoding.UTF8.GetString(piece.Bytes);
            else if (piece.Field == 2) score = piece.Float;
            else if (piece.Field == 3) kind = (PieceKind)piece.Number;
        }

        return new SentencePiece(text, score, kind);
    }

    private static int Algorithm(ReadOnlySpan<byte> message)
    {
        var trainer = new ProtobufReader(message);
        while (trainer.Next())
            if (trainer.Field == 3)
                return (int)trainer.Number;
        return Unigram;
    }

    private static byte[] Map(ReadOnlySpan<byte> message)
    {
        var normalizer = new ProtobufReader(message);
        while (normalizer.Next())
            if (normalizer.Field == 2)
                return normalizer.Bytes.ToArray();
        return [];
    }
}
