namespace MimiiGen.Datasets;

/// <summary>A folder with <c>normal/</c> and <c>abnormal/</c> (or <c>anomaly/</c>), or with such folders further down; the folder above them is the machine.</summary>
internal sealed class NormalAbnormalLayout : IDatasetLayout
{
    public string Key => "folders";

    public string Name => "normal and abnormal folders";

    public IReadOnlyList<LayoutFile>? Recognise(string root, IReadOnlyList<string> waves, ICollection<LeftOutFile> leftOut)
    {
        var files = new List<LayoutFile>();
        var strangers = new List<LeftOutFile>();
        foreach (var wave in waves)
        {
            var folders = Path.Combine(root, wave).Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries)[..^1];
            var state = Array.FindLastIndex(folders, f => f is "normal" or "abnormal" or "anomaly");
            if (state < 1) strangers.Add(new LeftOutFile(wave, "lies in no folder named normal or abnormal"));
            else files.Add(new LayoutFile(wave, new ClipMetadata { Machine = folders[state - 1], Anomaly = folders[state] != "normal" }));
        }

        if (files.Count == 0) return null;
        foreach (var stranger in strangers) leftOut.Add(stranger);
        return files;
    }
}
