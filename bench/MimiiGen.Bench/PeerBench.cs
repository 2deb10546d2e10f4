using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace MimiiGen.Bench;

/// <summary>One network, ours and the peers' in turn: medians over the rounds.</summary>
/// <param name="Work">What was run.</param>
/// <param name="Seconds">Our median.</param>
/// <param name="Peers">The peers' medians, in their order; null where a peer hasn't the network.</param>
internal sealed record Comparison(NetworkWork Work, double Seconds, IReadOnlyList<double?> Peers);

/// <summary>Runs ours and the peers' in turn, so that what else the machine does falls on all alike; the first round warms up.</summary>
internal static class PeerBench
{
    private const double Tolerance = 1e-3; // of the mean absolute output: the same network, or not
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(30); // until a peer's idle threads have gone to sleep

    public static Comparison Compare(NetworkWork work, IReadOnlyList<IPeer> peers, int rounds)
    {
        var present = peers.Where(peer => peer.Has(work)).ToArray();
        var times = new List<double>();
        var peerTimes = present.ToDictionary(peer => peer, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            Thread.Sleep(Rest);
            var (seconds, mean) = Own(work);
            if (round > 0) times.Add(seconds);
            foreach (var peer in present)
            {
                Thread.Sleep(Rest);
                var (peerSeconds, peerMean) = peer.Run(work);
                if (Math.Abs(peerMean - mean) > Tolerance * mean) throw new InvalidOperationException($"{work.Name}: {peer.Name} gives another output (mean {peerMean:g6}, ours {mean:g6})");
                if (round > 0) peerTimes[peer].Add(peerSeconds);
            }
        }

        return new Comparison(work, Median(times), [.. peers.Select(peer => peerTimes.TryGetValue(peer, out var t) ? Median(t) : (double?)null)]);
    }

    private static (double Seconds, double MeanAbsolute) Own(NetworkWork work)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var start = Stopwatch.GetTimestamp();
        var output = work.Run();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (seconds, output.to(ScalarType.Float64).abs().mean().ToDouble());
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
