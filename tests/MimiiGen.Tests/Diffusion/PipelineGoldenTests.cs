using System.Text.Json;
using MimiiGen.Codec;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Golden;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Diffusion;

/// <summary>Token ids to waveform through all networks, against transformers and diffusers.</summary>
public sealed class PipelineGoldenTests
{
    private static readonly JsonElement Golden = GoldenFile.Json("diffusion/pipeline/pipeline.json");
    private static readonly JsonElement UNets = GoldenFile.Json("diffusion/unet/tiny_configs.json");

    [Theory]
    [InlineData("v_prediction", PredictionType.VPrediction, 5e-5)]
    [InlineData("epsilon", PredictionType.Epsilon, 3e-4)]
    public void EqualsTheReferenceFromIdsToWaveform(string run, PredictionType prediction, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var golden = GoldenFile.Tensors("diffusion/pipeline/pipeline.safetensors");
        var settings = Golden.GetProperty("runs").GetProperty(run);

        using var text = new T5Encoder(T5Config.Parse(Golden.GetProperty("text_encoder").GetProperty("config").GetRawText(), "pipeline.json"));
        Formula.Fill(text);
        var states = text.call(golden["ids"], golden["mask"]); // (2, 8, 24), the empty caption first
        GoldenFile.AssertClose(golden["text"], states, 5e-6, "text");

        using var unet = new UNet2DConditionModel(UNetConfig.Parse(UNets.GetProperty("tiny_l2_lin").GetProperty("config").GetRawText()));
        Formula.Fill(unet);
        var sampler = Sampler.Create(Scheduler(prediction), 10);
        Assert.Equal(settings.GetProperty("timesteps").EnumerateArray().Select(t => t.GetDouble()), sampler.Timesteps);
        using var guided = new GuidedUNet(unet, new Guidance(settings.GetProperty("guidance").GetDouble()), Row(1), Row(0));
        var trajectory = golden[$"{run}.latents_every_50th_column"]; // (11, 16, 8, 15)
        var start = FormulaInput.Unit("pipeline.start", 1, 16, 8, 750);
        AssertLatents(0, start);
        var loop = new DenoisingLoop
        {
            Sampler = sampler,
            Predict = guided.Predict,
            AfterStep = (i, sample) =>
            {
                AssertLatents(i + 1, sample);
                return sample;
            },
        };
        var end = loop.Run(start, cancellation: TestContext.Current.CancellationToken); // (1, 16, 8, 750)

        var scaled = (end * settings.GetProperty("extra_scale_before_un_normalise").GetDouble() * golden["std"].view(1, 16, 1, 1)) + golden["mean"].view(1, 16, 1, 1);
        var latents = LatentLayout.SixteenChannels.ToLatents(scaled); // (1, 128, 750)
        var frames = arange(0, 750, 10);
        GoldenFile.AssertClose(golden[$"{run}.final_latents_128x750_every_10th_frame"].view(128, 75), latents[0].index_select(1, frames), tolerance, "decoder input");

        using var codec = new EncodecModel(EncodecConfig.Parse(Golden.GetProperty("decoder").GetProperty("config").GetRawText()));
        var names = WeightNames.Of(codec, Golden.GetProperty("decoder").GetProperty("state_dict").EnumerateArray().Select(e => e[0].GetString()!));
        foreach (var (name, value) in codec.state_dict().Where(p => p.Key.StartsWith("decoder.", StringComparison.Ordinal)))
            value.copy_(Formula.Tensor(names.InFile(name), value.shape));
        var waveform = codec.Decode(latents).flatten(); // (240000)
        Assert.Equal(240000, waveform.numel());
        GoldenFile.AssertClose(golden[$"{run}.waveform_every_100th"].flatten(), waveform.index_select(0, arange(0, 240000, 100)), 2e-5, "waveform");
        GoldenFile.AssertClose(golden[$"{run}.waveform_first_2400"].flatten(), waveform.narrow(0, 0, 2400), 2e-5, "its beginning");
        GoldenFile.AssertClose(golden[$"{run}.waveform_last_400"].flatten(), waveform.narrow(0, 240000 - 400, 400), 2e-5, "its end");

        (Tensor States, Tensor? Mask) Row(int caption) => (states.narrow(0, caption, 1), golden["mask"].narrow(0, caption, 1));

        void AssertLatents(int step, Tensor sample) =>
            GoldenFile.AssertClose(trajectory[step], sample[0].index_select(2, arange(0, 750, 50)), tolerance, $"latents after {step} steps");
    }

    private static SamplerConfig Scheduler(PredictionType prediction)
    {
        var config = Golden.GetProperty("scheduler");
        return SamplerConfig.Parse(config.GetRawText()) with { PredictionType = prediction };
    }
}
