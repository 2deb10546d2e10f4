using System.Buffers.Binary;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MimiiGen.Evaluation.Report;

namespace MimiiGen.Tests.Evaluation.Report;

public sealed partial class HtmlReportTests
{
    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "report-preview")).FullName;
    private static readonly Lazy<string> Usual = new(() => Written("usual.html", MadeUpEvaluation.Make(Folder)));

    [Fact]
    public void ReportNeedsNothingButItself()
    {
        var html = Usual.Value;

        Assert.True(html.Length < 25_000_000);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(Outside(), html);
        Assert.Equal(4, Regex.Count(html, "<audio controls"));
        Assert.Equal(4, Regex.Count(html, "data:image/png;base64,"));
    }

    [Fact]
    public void TextsFromOutsideAreEscaped()
    {
        var html = Usual.Value;

        Assert.Contains("A fan id 00 with anomaly &lt;of &quot;kind&quot; 3&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasKeptOutIsSaid()
    {
        var result = MadeUpEvaluation.Make(Folder);
        var html = Written("kept-out.html", result with { Settings = result.Settings with { KeptOut = "fault=clogging" } });

        Assert.Contains(" kept out: fault=clogging</h1>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("kept out:", Usual.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ItsElementsAreClosed()
    {
        var html = Usual.Value;
        var body = html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)];

        // what remains is XML but for one attribute without a value
        var main = XElement.Parse(body.Replace("<audio controls ", "<audio ", StringComparison.Ordinal));

        Assert.Equal(14, main.Descendants("table").First().Element("tbody")!.Elements("tr").Count());
        Assert.DoesNotContain("NaN", main.Descendants().SelectMany(e => e.Attributes()).Where(a => a.Name != "src" && a.Name != "href").Select(a => a.Value));
    }

    [Fact]
    public void ABadVerdictIsSaidFirst()
    {
        var html = Written("bad.html", MadeUpEvaluation.Make(Folder, generatedShift: 1.5, spreadRatio: 0.4));

        Assert.Contains("No: these clips can&#39;t stand in for the real ones.", html, StringComparison.Ordinal);
        Assert.Contains("Generated clips of a class are more alike than real ones", html, StringComparison.Ordinal);
    }

    [Fact]
    public void PairsMakeOnePicture()
    {
        var path = Path.Combine(Folder, "pairs.png");

        PairPicture.Write(path, Folder, MadeUpEvaluation.Make(Folder).Pairs);

        var png = File.ReadAllBytes(path);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal(1296, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(528, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    private static string Written(string name, EvaluationResult result)
    {
        var path = Path.Combine(Folder, name);
        HtmlReport.Write(path, result);
        return File.ReadAllText(path);
    }

    /// <summary>An address that a browser would load something from; the name of the SVG language is none.</summary>
    [GeneratedRegex("(src|href)=\"(?!data:)|url\\(|@import")]
    private static partial Regex Outside();
}
