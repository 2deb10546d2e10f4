using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MimiiGen.Audio;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Detection;

/// <summary>
/// A network of the user's as an ONNX file, on the front ends of this program. Its one float input says which: vectors of 640 values (N, 640) the
/// DCASE baseline's, of 320 (N, 320) the MIMII 2019 baseline's, (N, 1, frames, 128) or (N, frames, 128) the log-mel spectrum of a clip, (N, samples)
/// with any number of samples the sound itself. Where its first output has the input's shape it is a reconstruction and the score is the mean squared
/// error; else the score is the output's mean.
/// </summary>
public sealed class OnnxDetector : IDetector
{
    private readonly string path;
    private readonly InferenceSession session;
    private readonly string input;
    private readonly Func<Waveform, (float[] Values, int[] Shape)> frontEnd;
    private readonly Dictionary<int, LogMelVectors> features = [];

    private OnnxDetector(string path, InferenceSession session)
    {
        (this.path, this.session) = (path, session);
        (input, frontEnd) = FrontEnd();
    }

    /// <inheritdoc/>
    public string Name => $"ONNX {Path.GetFileName(path)}";

    /// <summary>Opens a model.</summary>
    /// <exception cref="BadInputException">No such file, no ONNX model, or one with other inputs.</exception>
    public static OnnxDetector Load(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"{path}: no such ONNX file");
        InferenceSession session;
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = get_num_threads(), LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new BadInputException($"{path} can't be opened as an ONNX model: {OneLine(e)}", e);
        }

        try
        {
            return new OnnxDetector(path, session);
        }
        catch (BadInputException)
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The network was trained elsewhere: there is nothing to learn.</summary>
    public void Fit(IReadOnlyList<DetectorClip> normalClips, IProgress<WorkProgress>? progress = null, CancellationToken cancel = default)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Score(IReadOnlyList<DetectorClip> clips, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(clips);
        return [.. clips.Select(clip =>
        {
            cancel.ThrowIfCancellationRequested();
            return Score(clip.Sound);
        })];
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private double Score(Waveform clip)
    {
        var (values, shape) = frontEnd(clip);
        try
        {
            using var outputs = session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(values, shape))]);
            if (outputs[0].Value is not Microsoft.ML.OnnxRuntime.Tensors.Tensor<float> output) throw new BadInputException($"{path}: the output {outputs[0].Name} holds no float32 numbers");
            var isReconstruction = output.Dimensions.SequenceEqual(shape);
            var score = isReconstruction
                ? output.Zip(values, (o, v) => ((double)o - v) * ((double)o - v)).Average()
                : output.Select(o => (double)o).DefaultIfEmpty(double.NaN).Average();
            return double.IsFinite(score) ? score : throw new BadInputException($"{path} gives a clip the score {score}");
        }
        catch (OnnxRuntimeException e)
        {
            throw new BadInputException($"{path} refuses an input of ({string.Join(", ", shape)}): {OneLine(e)}", e);
        }
    }

    private (string Name, Func<Waveform, (float[], int[])> Make) FrontEnd()
    {
        if (session.InputMetadata.Count == 1 && session.InputMetadata.First() is (var name, { IsTensor: true } meta) && meta.ElementType == typeof(float))
            switch (meta.Dimensions)
            {
                case [_, 640]:
                    return (name, clip => Rows(Features(clip, rate => new LogMelVectors(rate)).Of(clip)));
                case [_, 320]:
                    return (name, clip => Rows(Features(clip, LogMelVectors.Mimii2019).Of(clip)));
                case [_, 1, _, 128]:
                    return (name, clip => Rows(Features(clip, rate => new LogMelVectors(rate)).Spectrum(clip), 1, 1));
                case [_, _, 128]:
                    return (name, clip => Rows(Features(clip, rate => new LogMelVectors(rate)).Spectrum(clip), 1));
                case [_, -1]:
                    return (name, clip => (clip.Channel(0), [1, clip.Length]));
            }

        var inputs = session.InputMetadata.Select(i => i.Value.IsTensor ? $"{i.Key} {i.Value.ElementType.Name} ({string.Join(", ", i.Value.Dimensions.Select(d => d < 0 ? "?" : $"{d}"))})" : $"{i.Key}, no tensor");
        throw new BadInputException($"{path} takes {string.Join(" and ", inputs.DefaultIfEmpty("no input"))}; give one float input (N, 640), (N, 320), (N, frames, 128), (N, 1, frames, 128) or (N, samples)");
    }

    private LogMelVectors Features(Waveform clip, Func<int, LogMelVectors> make) =>
        features.TryGetValue(clip.SampleRate, out var made) ? made : features[clip.SampleRate] = make(clip.SampleRate);

    private static (float[] Values, int[] Shape) Rows(TorchSharp.torch.Tensor rows, params int[] before)
    {
        using (rows) return (rows.data<float>().ToArray(), [.. before, .. rows.shape.Select(d => (int)d)]);
    }

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");
}
