using System.Text.Json;
using System.Text.Json.Serialization;

namespace MimiiGen.Datasets;

/// <summary>Writes attributes as one JSON object of texts, in their order.</summary>
internal sealed class AttributeListJson : JsonConverter<AttributeList>
{
    public override AttributeList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("attributes must be an object of name: value");
        var entries = new List<OperatingCondition>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            entries.Add(new OperatingCondition(name, Text(ref reader, name)));
        }

        return AttributeList.From([.. entries]);
    }

    public override void Write(Utf8JsonWriter writer, AttributeList value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value) writer.WriteString(name, text);
        writer.WriteEndObject();
    }

    /// <summary>Numbers keep the digits they are written with: 1000.0 stays 1000.0.</summary>
    private static string Text(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => JsonElement.ParseValue(ref reader).GetRawText(),
        _ => throw new JsonException($"attribute '{name}' must be a text or a number"),
    };
}
