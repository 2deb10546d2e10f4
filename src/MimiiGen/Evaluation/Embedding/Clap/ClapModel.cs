using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MimiiGen.Evaluation.Embedding.Clap;

/// <summary>
/// CLAP (Wu et al. 2023, arXiv 2211.06687): sounds and captions in one space of unit vectors. Tensor names are those that transformers publishes;
/// <see cref="LaionNames"/> brings the original checkpoints' to them.
/// </summary>
public sealed class ClapModel : nn.Module
{
    private readonly Parameter logit_scale_a;
    private readonly Parameter logit_scale_t;
    private readonly RobertaEncoder text_model;
    private readonly ClapProjection text_projection;
    private readonly AudioTower audio_model;
    private readonly ClapProjection audio_projection;

    /// <summary>Makes the model with random weights.</summary>
    public ClapModel(ClapConfig config)
        : base(nameof(ClapModel))
    {
        ArgumentNullException.ThrowIfNull(config);
        logit_scale_a = nn.Parameter(tensor((float)Math.Log(1 / 0.07)));
        logit_scale_t = nn.Parameter(tensor((float)Math.Log(1 / 0.07)));
        text_model = new RobertaEncoder();
        text_projection = new ClapProjection(RobertaEncoder.Width);
        audio_model = new AudioTower(config);
        audio_projection = new ClapProjection(config.LastWidth);
        RegisterComponents();
    }

    /// <summary>Embeds sounds.</summary>
    /// <param name="logMel">(clips, 1, 1001, 64) in dB, as <see cref="MimiiGen.Audio.LogMel.Clap"/> makes them of 10 s.</param>
    /// <returns>(clips, 512), of length 1.</returns>
    public Tensor EmbedSounds(Tensor logMel)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(audio_projection.call(audio_model.call(logMel)), 2, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Embeds captions.</summary>
    /// <param name="ids">(texts, tokens), int64, shorter texts padded by 1 at their end.</param>
    /// <returns>(texts, 512), of length 1.</returns>
    public Tensor EmbedCaptions(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(text_projection.call(text_model.call(ids)), 2, 1).MoveToOuterDisposeScope();
    }
}
