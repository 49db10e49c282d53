using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>
/// Reads the JSON body of a request, and collects what is wrong with each field. The messages are those of Django REST
/// framework; the format is the document's ValidationError.
/// </summary>
internal sealed class ClarifeyeForm : IDisposable
{
    private readonly JsonBody body;
    private readonly VendorAnswer? unreadable;
    private readonly Dictionary<string, List<string>> errors = new(StringComparer.Ordinal);

    private ClarifeyeForm(JsonBody body, VendorAnswer? unreadable) => (this.body, this.unreadable) = (body, unreadable);

    /// <summary>The 400 or 415 answer; null where the fields that were read so far are valid.</summary>
    public VendorAnswer? Refusal => unreadable ?? (errors.Count == 0 ? null : ClarifeyeWire.FieldErrors(errors));

    public static ClarifeyeForm Read(VendorRequest request)
    {
        var json = JsonBody.Read(request);
        return new(
            json,
            json.Problem switch
            {
                BodyProblem.None => null,
                BodyProblem.MediaType => ClarifeyeWire.Error(
                    415,
                    $"Unsupported media type \"{request.Headers.ContentType}\" in request."
                ),
                BodyProblem.Syntax => ClarifeyeWire.Error(400, "JSON parse error"),
                _ => ClarifeyeWire.FieldError("non_field_errors", "Invalid data. Expected a dictionary."),
            }
        );
    }

    public string Email()
    {
        if (Field("email", required: true) is not { } value)
            return "";
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } email && EmailAddress.Fits(email))
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

    public void Dispose() => body.Dispose();

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private JsonElement? Field(string name, bool required)
    {
        if (unreadable is not null)
            return null;
        if (body[name] is not { } value)
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
