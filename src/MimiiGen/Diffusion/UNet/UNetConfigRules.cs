using System.Text.Json;

namespace MimiiGen.Diffusion;

/// <summary>What a U-Net config must fulfil for the network to be built as diffusers would build it.</summary>
internal static class UNetConfigRules
{
    /// <summary>Settings of diffusers that are there with one value only (as JSON); any other value would be another network.</summary>
    private static readonly Dictionary<string, string[]> OnlyValues = new(StringComparer.Ordinal)
    {
        ["act_fn"] = ["\"silu\"", "\"swish\""],
        ["center_input_sample"] = ["false"],
        ["downsample_padding"] = ["1"],
        ["mid_block_scale_factor"] = ["1"],
        ["only_cross_attention"] = ["false"],
        ["dual_cross_attention"] = ["false"],
        ["dropout"] = ["0"],
        ["conv_in_kernel"] = ["3"],
        ["conv_out_kernel"] = ["3"],
        ["time_embedding_type"] = ["\"positional\""],
        ["resnet_skip_time_act"] = ["false"],
        ["resnet_out_scale_factor"] = ["1"],
        ["attention_type"] = ["\"default\""],
        ["addition_embed_type_num_heads"] = ["64"],
    };

    /// <summary>Settings that don't change the function in float32, or only name the file's origin.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "upcast_attention", "mid_block_only_cross_attention" };

    public static void Check(UNetConfig config, string source)
    {
        var levels = config.BlockOutChannels.Count;
        Require(levels > 0 && config.DownBlockTypes.Count == levels && config.UpBlockTypes.Count == levels,
            $"block_out_channels, down_block_types and up_block_types have {levels}, {config.DownBlockTypes.Count} and {config.UpBlockTypes.Count} entries; give each the same number");
        Require(config.InChannels > 0 && config.OutChannels > 0, "in_channels and out_channels have to be positive");
        Require(config.NormNumGroups > 0 && config.BlockOutChannels.All(c => c > 0 && c % config.NormNumGroups == 0),
            $"norm_num_groups {config.NormNumGroups} has to divide every entry of block_out_channels [{string.Join(", ", config.BlockOutChannels)}]");
        Require(config.NormEps > 0, "norm_eps has to be positive");
        Require(config.FreqShift is 0 or 1, $"freq_shift {config.FreqShift} has to be 0 or 1");
        Require(config.MidBlockType == "UNetMidBlock2DCrossAttn", $"mid_block_type '{config.MidBlockType}' isn't there; use UNetMidBlock2DCrossAttn");
        Require(config.ResnetTimeScaleShift is "default" or "scale_shift", $"resnet_time_scale_shift '{config.ResnetTimeScaleShift}' has to be default or scale_shift");
        Require(config.ClassEmbedType is null or "projection", $"class_embed_type '{config.ClassEmbedType}' isn't there; use projection or leave it out");
        Require(config.ClassEmbedType is null || config.ProjectionClassEmbeddingsInputDim > 0, "class_embed_type projection needs projection_class_embeddings_input_dim, the length of the vector");
        Require(config.ClassEmbedType is not null || !config.ClassEmbeddingsConcat, "class_embeddings_concat needs class_embed_type projection");
        RequireLevels("layers_per_block", config.LayersPerBlock);
        RequireLevels("cross_attention_dim", config.CrossAttentionDim);
        RequireLevels("transformer_layers_per_block", config.TransformerLayersPerBlock);
        RequireLevels("attention_head_dim", config.AttentionHeadDim);
        for (var level = 0; level < levels; level++)
        {
            CheckAttention("down_block_types", config.DownBlockTypes[level], "CrossAttnDownBlock2D", "AttnDownBlock2D", "DownBlock2D", level, level);
            CheckAttention("up_block_types", config.UpBlockTypes[level], "CrossAttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D", levels - 1 - level, level);
        }

        CheckAttention("mid_block_type", config.MidBlockType, config.MidBlockType, "", "", levels - 1, levels - 1);
        foreach (var (key, value) in config.Others) CheckOther(key, value);

        void Require(bool fulfilled, string otherwise)
        {
            if (!fulfilled) throw new BadInputException($"{source}: {otherwise}");
        }

        void RequireLevels(string key, IReadOnlyList<int> values) =>
            Require((values.Count == 1 || values.Count == levels) && values.All(v => v > 0),
                $"{key} [{string.Join(", ", values)}] has to be one positive number, or {levels} of them");

        void CheckAttention(string key, string type, string cross, string self, string none, int level, int widthLevel)
        {
            Require(type == cross || type == self || type == none, $"{key}: '{type}' isn't there; use {cross}, {self} or {none}");
            if (type == none) return;
            var channels = config.BlockOutChannels[level];
            var divisor = UNetConfig.AtLevel(config.AttentionHeadDim, type == cross ? level : widthLevel);
            Require(channels % divisor == 0, $"attention_head_dim {divisor} has to divide the {channels} channels of its level ({type})");
        }

        void CheckOther(string key, JsonElement value)
        {
            if (key.StartsWith('_') || Harmless.Contains(key) || value.ValueKind == JsonValueKind.Null) return;
            Require(OnlyValues.TryGetValue(key, out var allowed), $"unknown key '{key}'; remove it if the network doesn't depend on it");
            var text = value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString() : value.GetRawText();
            Require(allowed!.Contains(text), $"{key} {text} isn't there; only {string.Join(" or ", allowed!)}");
        }
    }
}
