using System.Collections.Immutable;
using System.Text.Json;

namespace Reconciler.Sandbox.Http;

/// <summary>A problem with the body as a whole.</summary>
internal enum BodyProblem
{
    None,
    MediaType,
    Syntax,
    NoObject,
}

/// <summary>
/// Reads the body of a request as a JSON object. An invalid body has no fields, and its problem is recorded.
/// </summary>
internal sealed class JsonBody : IDisposable
{
    private readonly JsonDocument? document;

    private JsonBody(JsonDocument? document, BodyProblem problem) => (this.document, Problem) = (document, problem);

    public BodyProblem Problem { get; }

    /// <summary>Finds a field; null where it is absent. A JSON null counts as present.</summary>
    public JsonElement? this[string field] =>
        document is not null && document.RootElement.TryGetProperty(field, out var value) ? value : null;

    public static JsonBody Read(VendorRequest request)
    {
        if (
            !request
                .Headers.ContentType.ToString()
                .StartsWith(VendorAnswer.JsonType, StringComparison.OrdinalIgnoreCase)
        )
            return new(null, BodyProblem.MediaType);
        try
        {
            var json = JsonDocument.Parse(request.Body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return new(json, BodyProblem.None);
            json.Dispose();
            return new(null, BodyProblem.NoObject);
        }
        catch (JsonException)
        {
            return new(null, BodyProblem.Syntax);
        }
    }

    /// <summary>Reads a text field; null where it is absent or null. Any other value is refused.</summary>
    public string? Text(string field, Action<string> refuse)
    {
        if (this[field] is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        refuse($"{field} must be a string");
        return null;
    }

    /// <summary>
    /// Reads a field with a list of texts; null where it is absent or null. Any other value is refused.
    /// </summary>
    public ImmutableArray<string>? Texts(string field, Action<string> refuse)
    {
        if (this[field] is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        if (
            value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
        )
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        refuse($"{field} must be a list of strings");
        return null;
    }

    /// <summary>Reads a Boolean field; null where it is absent or null. Any other value is refused.</summary>
    public bool? Flag(string field, Action<string> refuse)
    {
        if (this[field] is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        refuse($"{field} must be a boolean");
        return null;
    }

    public void Dispose() => document?.Dispose();
}
