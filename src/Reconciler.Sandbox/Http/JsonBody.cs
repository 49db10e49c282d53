using System.Collections.Immutable;
using System.Text.Json;

namespace Reconciler.Sandbox.Http;

/// <summary>What can be wrong with a body before its fields are looked at.</summary>
internal enum BodyProblem
{
    None,
    MediaType,
    Syntax,
    NoObject,
}

/// <summary>A request's body, read as a JSON object. Where it is none it has no fields, and says why.</summary>
internal sealed class JsonBody : IDisposable
{
    private readonly JsonDocument? document;

    private JsonBody(JsonDocument? document, BodyProblem problem) => (this.document, Problem) = (document, problem);

    public BodyProblem Problem { get; }

    /// <summary>A field; null where it is absent. A JSON null is there.</summary>
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

    /// <summary>
    /// A field that is text; null where it is absent or null, and a problem where it is something else.
    /// </summary>
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
    /// A field that is a list of texts; null where it is absent or null, and a problem where it is something else.
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

    /// <summary>
    /// A field that is true or false; null where it is absent or null, and a problem where it is something else.
    /// </summary>
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
