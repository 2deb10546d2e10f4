using MimiiGen.Datasets;
using MimiiGen.Evaluation;
using MimiiGen.Generation;
using MimiiGen.Tests.Training;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Evaluation;

[Collection(nameof(TrainingCollection))]
public sealed class BandwidthStudyTests(TinyModel tiny)
{
    [Fact]
    public void GivesARowForEachBandwidthWithTheUnquantisedFirst()
    {
        using var recordings = new TinyRecordings();
        using var model = SoundModel.Load(tiny.Folder);
        using (no_grad()) // its codebooks are empty, which would give silence
            for (var i = 0; i < model.Codec.Quantizer.Count; i++) model.Codec.Quantizer.Entries(i).normal_(0, 0.1);
        var options = new EvaluationOptions { Epochs = 2, DetectorSeeds = 1 };

        var result = new BandwidthStudy(DatasetReader.Read(recordings.Folder), model, options).Run();

        var rates = model.Codec.Config.TargetBandwidths.OrderDescending().Select(b => (double?)b);
        Assert.Equal([null, .. rates], result.Rows.Select(r => r.Bandwidth));
        Assert.Equal(["fan id_00"], result.RealAuc.Keys);
        Assert.All(result.Rows, row => Assert.True(row.Auc.Low <= row.Auc.Estimate && row.Auc.Estimate <= row.Auc.High));
        Assert.All(result.Rows, row => Assert.Equal(row.Auc.Estimate - result.RealAuc["fan id_00"].Estimate, row.AucDifference.Estimate, 1e-12));
        Assert.All(result.Rows, row => Assert.True(row.Fidelity.LevelErrorDb > 0)); // no codec is perfect, this one least of all
    }
}
