using MimiiGen.Diffusion;
using MimiiGen.Experiments.Arms;
using MimiiGen.Experiments.Latents;
using MimiiGen.Experiments.Measuring;
using MimiiGen.Training;

namespace MimiiGen.Experiments.Studies;

/// <summary>What the generator is best to learn.</summary>
internal sealed class LatentStudy() : Study(
    "latent",
    "EnCodec or a spectrogram encoder?",
    "the codec's latents, log-mel spectra turned back by Griffin-Lim and by a small trained vocoder, a small variational auto-encoder of log-mel spectra, all of as many numbers; each alone on real clips, and with a generator",
    "training clips; the codec's latents must have a multiple of 16 rows",
    "a training from nothing of three generators with each seed, and of a vocoder and an auto-encoder once",
    "The vocoder and the auto-encoder are small and trained on these clips alone; published ones would do better. The codec was made before, and begins as a lapped transform. So this tells what is good soon, not what is best in the end.")
{
    internal override IReadOnlyList<Metric> Told => [Metric.Fad, Metric.BandError, Metric.NormalAuc, Metric.AucDistance];

    internal override IReadOnlyList<Arm> Arms(StudyData data)
    {
        if (data.Rows % 16 != 0) throw new BadInputException($"{data.Options.Codec}: its latents have {data.Rows} rows; latent needs a multiple of 16");
        return
        [
            new Arm("EnCodec", "a generator of the codec's latents", new Generated { Recipe = new Recipe { Architecture = data.Architecture } }) { Kind = ArmKind.Reference },
            Generator("log-mel, Griffin-Lim", Representations.GriffinLim, Representations.GriffinLim, data.Architecture),
            Generator("log-mel, vocoder", Representations.GriffinLim, Representations.Vocoder, data.Architecture),
            Generator("auto-encoder", Representations.Autoencoder, Representations.Autoencoder, FourChannels(data)),
            Alone("Griffin-Lim alone", Representations.GriffinLim),
            Alone("vocoder alone", Representations.Vocoder),
            Alone("auto-encoder alone", Representations.Autoencoder),
        ];
    }

    private static Arm Generator(string name, Representation learned, Representation decoder, GeneratorArchitecture architecture) => new(name, $"a generator of {learned.Name} pictures, turned into sound by {decoder.Name}", new Generated
    {
        Recipe = new Recipe { Architecture = architecture, Representation = learned },
        Decoder = decoder,
        SharedRun = learned.Name,
    });

    private static Arm Alone(string name, Representation through) => new(name, $"the real test clips as {through.Name} pictures and back", new Copies(through));

    private static GeneratorArchitecture FourChannels(StudyData data) => data.Architecture.On(new LatentLayout(MelAutoencoder.Channels, data.Rows / MelAutoencoder.Channels));
}
