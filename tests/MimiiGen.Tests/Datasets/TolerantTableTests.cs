using System.Text;
using MimiiGen.Audio;
using MimiiGen.Datasets;

namespace MimiiGen.Tests.Datasets;

/// <summary>Tables with faults: strict reading names line and column, tolerant reading leaves the row out and goes on.</summary>
public sealed class TolerantTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tables").FullName;

    public TolerantTableTests()
    {
        for (var i = 0; i < 4; i++) WavFile.Write(Path.Combine(folder, $"{i}.wav"), Waveform.Mono(new float[160], 16000));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("0.wav,fan,0,45\n1.wav,fan\n2.wav,fan,1,50\n", "line 3, column anomaly")]
    [InlineData("0.wav,fan,0,45\n1.wav,fan,0,45,9\n2.wav,fan,1,50\n", "line 3, after column oil temperature")]
    [InlineData("0.wav,fan,0,45\n1.wav,fan,maybe,45\n2.wav,fan,1,50\n", "line 3, column anomaly")]
    [InlineData("0.wav,fan,0,45\n0.wav,fan,1,45\n2.wav,fan,1,50\n", "line 3, column file_name")]
    [InlineData("0.wav,fan,0,45\n1.wav,\"fan,0,45\n2.wav,fan,1,50\n", "line 3, column machine")]
    public void AFaultyRowIsNamedByLineAndColumnAndLeftOutWhenAsked(string rows, string place)
    {
        Write(Encoding.UTF8, rows);

        AssertFault(place, kept: 2);
    }

    [Fact]
    public void ALetterInAnotherEncodingIsNamedByLineAndColumn()
    {
        Write(Encoding.Latin1, "0.wav,fan,0,45\n1.wav,Lüfter,0,45\n2.wav,fan,1,50\n");

        Assert.Contains("line 3, column 8: not UTF-8", Assert.Throws<BadInputException>(() => DatasetReader.Read(folder)).Message, StringComparison.Ordinal);
        AssertFault("line 3, column", kept: 2);
    }

    [Fact]
    public void Utf16IsToldByItsName()
    {
        Write(Encoding.Unicode, "0.wav,fan,0,45\n");

        var message = Assert.Throws<BadInputException>(() => CsvTable.Read(Path.Combine(folder, "metadata.csv"))).Message;
        Assert.Contains("UTF-16", message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownColumnsAreToldReadably()
    {
        Write(new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), "0.wav,fan,0,\"45 C\"\n");

        Assert.Equal("A fan operating on oil temperature of 45 C", MimiiGen.Captions.CaptionTemplate.Write(DatasetReader.Read(folder).Clips.Single().Metadata));
    }

    private void AssertFault(string place, int kept)
    {
        Assert.Contains(place, Assert.Throws<BadInputException>(() => DatasetReader.Read(folder)).Message, StringComparison.Ordinal);
        var told = new List<string>();

        Assert.Equal(kept, DatasetReader.Read(folder, skip: told.Add).Clips.Count);
        Assert.Contains(place, Assert.Single(told), StringComparison.Ordinal);
    }

    private void Write(Encoding encoding, string rows) =>
        File.WriteAllBytes(Path.Combine(folder, "metadata.csv"), [.. encoding.GetPreamble(), .. encoding.GetBytes("file_name,machine,anomaly,oil temperature\n" + rows)]);
}
