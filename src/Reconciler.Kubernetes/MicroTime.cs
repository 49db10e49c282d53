using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reconciler.Kubernetes;

/// <summary>
/// Reads and writes Kubernetes' <c>MicroTime</c> (a Lease's <c>renewTime</c> and <c>acquireTime</c>, an Event's
/// <c>eventTime</c>): RFC 3339 in UTC with exactly six fractional digits. Servers refuse .NET's round-trip format,
/// which has seven, and the package's format of whole seconds, which has none.
/// </summary>
public sealed class MicroTime : JsonConverter<DateTime>
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly string[] Accepted = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Formats a time; fractions of a microsecond are cut off.</summary>
    /// <param name="at">The time.</param>
    public static string Format(DateTimeOffset at) =>
        at.ToUniversalTime().ToString(Written, CultureInfo.InvariantCulture);

    /// <summary>Parses a time, in UTC.</summary>
    /// <param name="text">RFC 3339 with a zone and at most seven fractional digits.</param>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset
            .ParseExact(text, Accepted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUniversalTime();

    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? throw new JsonException("expected a time");
        try
        {
            return Parse(text).UtcDateTime;
        }
        catch (FormatException wrong)
        {
            throw new JsonException($"\"{text}\" is not a time", wrong);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(new DateTimeOffset(value.ToUniversalTime())));
}
