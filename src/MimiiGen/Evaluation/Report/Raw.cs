namespace MimiiGen.Evaluation.Report;

/// <summary>HTML that was made here and is not to be escaped again.</summary>
internal readonly record struct Raw(string Html)
{
    public override string ToString() => Html;
}
