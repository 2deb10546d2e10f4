namespace MimiiGen.Text;

/// <summary>A piece of text, its log probability, and what it stands for.</summary>
internal readonly record struct SentencePiece(string Text, float Score, PieceKind Kind);

/// <summary>What a piece stands for; the numbers are the file's.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
}
