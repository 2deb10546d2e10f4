using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Runtime;

/// <summary>The devices that the loaded torch can compute on.</summary>
public static class Devices
{
    /// <summary>Their names, best known first: <c>cuda:0</c>, ..., <c>mps</c>, <c>cpu</c>.</summary>
    public static IReadOnlyList<string> Available()
    {
        var names = new List<string>();
        if (cuda.is_available())
            for (var i = 0; i < cuda.device_count(); i++) names.Add($"cuda:{i}");
        if (mps_is_available()) names.Add("mps");
        names.Add("cpu");
        return names;
    }

    /// <summary>The device of that name: <c>cpu</c>, <c>cuda</c> (the first), <c>cuda:N</c> or <c>mps</c>.</summary>
    /// <exception cref="BadInputException">No such name, or this machine lacks the device.</exception>
    public static Device Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var available = Available();
        var full = name == "cuda" ? "cuda:0" : name;
        if (available.Contains(full)) return new Device(full);
        throw new BadInputException($"device '{name}': this machine has {string.Join(", ", available)}");
    }
}
