using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reconciler.Sandbox.Http;

/// <summary>Writes JSON bodies.</summary>
internal static class JsonText
{
    // The JSON is never embedded in HTML, and vendors write '+' in an address unescaped.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static ReadOnlyMemory<byte> Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer, value);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes one object.</summary>
    public static ReadOnlyMemory<byte> Object<T>(T value, Action<Utf8JsonWriter, T> fields) =>
        Write(
            (value, fields),
            static (writer, content) =>
            {
                writer.WriteStartObject();
                content.fields(writer, content.value);
                writer.WriteEndObject();
            }
        );

    public static ReadOnlyMemory<byte> Error(string message) =>
        Write(
            message,
            static (writer, text) =>
            {
                writer.WriteStartObject();
                writer.WriteString("error", text);
                writer.WriteEndObject();
            }
        );

    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
