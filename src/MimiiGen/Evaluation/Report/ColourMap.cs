namespace MimiiGen.Evaluation.Report;

/// <summary>
/// The inferno map (Smith and van der Walt, CC0): lightness grows evenly from black to pale yellow, so that it reads the same
/// in grey and for colour-blind readers. Polynomial fit of degree 6 by Matt Zucker (public domain), within 2 % of the table.
/// </summary>
internal static class ColourMap
{
    private static readonly double[] Red = [0.0002189403691192265, 0.1065134194856116, 11.60249308247187, -41.70399613139459, 77.162935699427, -71.31942824499214, 25.13112622477341];
    private static readonly double[] Green = [0.001651004631001012, 0.5639564367884091, -3.972853965665698, 17.43639888205313, -33.40235894210092, 32.62606426397723, -12.24266895238567];
    private static readonly double[] Blue = [-0.01948089843709184, 3.932712388889277, -15.9423941062914, 44.35414519872813, -81.80730925738993, 73.20951985803202, -23.07032500287172];

    /// <summary>Index of the lightest colour of the map.</summary>
    public const byte Lightest = 254;

    /// <summary>Index of white, for what lies between pictures.</summary>
    public const byte White = 255;

    /// <summary>256 colours, three bytes each (red, green, blue): the map from dark to light, then white.</summary>
    public static byte[] Palette() =>
        [.. Enumerable.Range(0, White).SelectMany(i => new[] { Red, Green, Blue }, (i, channel) => Value(channel, (double)i / Lightest)), 255, 255, 255];

    private static byte Value(double[] channel, double t)
    {
        var sum = 0.0;
        for (var power = channel.Length - 1; power >= 0; power--) sum = (sum * t) + channel[power];
        return (byte)Math.Round(Math.Clamp(sum, 0, 1) * 255);
    }
}
