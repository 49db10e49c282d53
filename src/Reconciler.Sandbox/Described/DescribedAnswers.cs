using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership.Describing;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Described;

/// <summary>Makes whole answers, which say of their success what the definition says.</summary>
internal sealed class DescribedAnswers(VendorDescription api)
{
    private const string UsualReason = "/error";

    // Vendors write '+' in an address unescaped.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An answer of success.</summary>
    /// <param name="status">Its status, if it has a body.</param>
    /// <param name="body">The body; null for none.</param>
    public VendorAnswer Done(int status, JsonDraft? body = null)
    {
        if (body?.Root is null && api.Success is null)
            return new(204);
        body ??= new();
        if (api.Success is { } success)
            body.Fulfil(success);
        return Json(status, body);
    }

    /// <summary>An answer that refuses.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="message">The reason.</param>
    public VendorAnswer Refused(int status, string message)
    {
        var body = new JsonDraft();
        body.Set(api.Reason is { Text.Length: > 0 } reason ? reason.Text : UsualReason, JsonValue.Create(message));
        // The failure is written explicitly: an absent value is not read as a failure.
        if (api.Success is { } success)
        {
            body.Fulfil(success);
            body.Break(success);
        }

        return Json(status, body);
    }

    private static VendorAnswer Json(int status, JsonDraft body)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Relaxed))
        {
            if (body.Root is { } root)
                root.WriteTo(writer);
            else
                writer.WriteNullValue();
        }

        return VendorAnswer.Json(status, text.ToArray());
    }
}
