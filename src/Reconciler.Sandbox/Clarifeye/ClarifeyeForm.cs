using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>
/// A request's JSON body and what is wrong with it, field by field. The messages are Django REST framework's; the shape
/// is the document's ValidationError.
/// </summary>
internal sealed class ClarifeyeForm : IDisposable
{
    private const int LongestEmail = 254;

    private readonly JsonDocument? body;
    private readonly VendorAnswer? unreadable;
    private readonly Dictionary<string, List<string>> errors = new(StringComparer.Ordinal);

    private ClarifeyeForm(JsonDocument? body, VendorAnswer? unreadable) => (this.body, this.unreadable) = (body, unreadable);

    /// <summary>The 400 or 415 to answer; null while nothing is wrong with the fields read so far.</summary>
    public VendorAnswer? Refusal => unreadable ?? (errors.Count == 0 ? null : ClarifeyeWire.FieldErrors(errors));

    public static ClarifeyeForm Read(VendorRequest request)
    {
        var type = request.Headers.ContentType.ToString();
        if (!type.StartsWith(VendorAnswer.JsonType, StringComparison.OrdinalIgnoreCase))
            return new(null, ClarifeyeWire.Error(415, $"Unsupported media type \"{type}\" in request."));
        try
        {
            var json = JsonDocument.Parse(request.Body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return new(json, null);
            json.Dispose();
            return new(null, ClarifeyeWire.FieldError("non_field_errors", "Invalid data. Expected a dictionary."));
        }
        catch (JsonException)
        {
            return new(null, ClarifeyeWire.Error(400, "JSON parse error"));
        }
    }

    public string Email()
    {
        if (Field("email", required: true) is not { } value)
            return "";
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } email && IsEmail(email))
            return email;
        Refuse("email", "Enter a valid email address.");
        return "";
    }

    public ImmutableArray<string>? Permissions(bool required)
    {
        if (Field("permissions", required) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Refuse("permissions", "Expected a list of items.");
            return null;
        }

        var words = value.EnumerateArray().Select(Text).Distinct(StringComparer.Ordinal).ToImmutableArray();
        foreach (var word in words.Where(word => !ClarifeyeSeed.Permissions.Contains(word, StringComparer.Ordinal)))
            Refuse("permissions", $"\"{word}\" is not a valid choice.");
        return words;
    }

    public string? Profile()
    {
        if (Field("profile", required: false) is not { } value)
            return null;
        var word = Text(value);
        if (ClarifeyeSeed.Profiles.Contains(word, StringComparer.Ordinal))
            return word;
        Refuse("profile", $"\"{word}\" is not a valid choice.");
        return null;
    }

    public void Dispose() => body?.Dispose();

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1 && text.Length <= LongestEmail
            && text.IndexOf('.', at) > at + 1 && !text.EndsWith('.')
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ',' or '<' or '>');
    }

    private JsonElement? Field(string name, bool required)
    {
        if (body is null)
            return null;
        if (!body.RootElement.TryGetProperty(name, out var value))
        {
            if (required)
                Refuse(name, "This field is required.");
            return null;
        }

        if (value.ValueKind != JsonValueKind.Null)
            return value;
        Refuse(name, "This field may not be null.");
        return null;
    }

    private void Refuse(string field, string message)
    {
        if (!errors.TryGetValue(field, out var messages))
            errors.Add(field, messages = []);
        messages.Add(message);
    }
}
