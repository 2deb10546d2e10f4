using MimiiGen.Codec;
using MimiiGen.Diffusion;
using MimiiGen.Tests.Training;
using MimiiGen.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Tests.Runtime;

/// <summary>Networks can be moved to another device and type: tried on torch's device without memory, which every machine has.</summary>
public sealed class PlacementTests
{
    public static TheoryData<string> Networks => ["unet", "text", "codec"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void EveryParameterGoesAlong(string name)
    {
        using nn.Module network = name switch
        {
            "unet" => new UNet2DConditionModel(TinyNetworks.Generator.UNet),
            "text" => new T5Encoder(TinyNetworks.Generator.Text),
            _ => new EncodecModel(TinyNetworks.Codec),
        };

        network.to(ScalarType.BFloat16);
        network.to(new Device(DeviceType.META));

        Assert.All(network.named_parameters(), p => Assert.Equal((DeviceType.META, ScalarType.BFloat16), (p.parameter.device_type, p.parameter.dtype)));
    }
}
