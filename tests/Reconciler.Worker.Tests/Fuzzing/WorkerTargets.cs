using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Reconciler.Testing.Fuzzing;
using Reconciler.Worker.Notifications;
using Reconciler.Worker.Web;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Worker.Tests.Fuzzing;

/// <summary>Calls of the webhook, and texts of others in status pages and chats.</summary>
public static partial class WorkerTargets
{
    private const string GitHub = "X-Hub-Signature-256";
    private const string GitLab = "X-Gitlab-Token";
    private const string SecretText = "a-secret-that-no-input-has";

    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(SecretText);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [new("webhook", CallAsync), Of("status-text", StatusText), Of("chat-text", Chat)];

    // The first line has headers between bars, the rest is the body.
    private static async Task CallAsync(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        var (head, body) = (Encoding.Latin1.GetString(input, 0, Math.Max(0, end)), input[(end + 1)..]);
        var headers = head.Split('|').Select(h => h.Split(':', 2)).Where(h => h.Length == 2).ToList();
        Hold(!await IsGenuineAsync(headers, body), "a call without the secret counts");
        headers.RemoveAll(h => h[0].Trim().ToUpperInvariant() is "X-HUB-SIGNATURE-256" or "X-GITLAB-TOKEN");
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Secret, body));
        Hold(await IsGenuineAsync([.. headers, [GitHub, $"sha256={signature}"]], body), "a signed call is refused");
        Hold(!await IsGenuineAsync([.. headers, [GitHub, $"sha256={signature}"]], [.. body, 1]), "another body counts");
        Hold(await IsGenuineAsync([.. headers, [GitLab, SecretText]], body), "a call with the secret is refused");
        Hold(
            !await IsGenuineAsync([.. headers, [GitLab, SecretText], [GitHub, $"sha256={signature}"]], body),
            "two proofs count"
        );
    }

    private static async Task<bool> IsGenuineAsync(IEnumerable<string[]> headers, byte[] body)
    {
        var context = new DefaultHttpContext();
        foreach (var header in headers.Where(h => h[0].Trim().Length > 0))
            context.Request.Headers.Append(header[0].Trim(), header[1].Trim());
        using var stream = new MemoryStream(body);
        context.Request.Body = stream;
        return await PushSignature.IsGenuineAsync(context.Request, Secret);
    }

    private static void StatusText(string text)
    {
        var encoded = VisibleHtmlEncoder.Instance.Encode(text);
        Hold(!Markup().IsMatch(encoded), "a page has markup in it");
        var characters = text.ToCharArray();
        using var output = new StringWriter();
        VisibleHtmlEncoder.Instance.Encode(output, characters, 0, characters.Length);
        Hold(output.ToString() == encoded, "two ways to encode differ");
    }

    private static void Chat(string text)
    {
        foreach (var longest in (int[])[1, 20, 300])
        {
            var code = ChatText.Code(text, longest);
            Hold(InCode().IsMatch(code), "the code has markup in it");
            Hold(!Mention().IsMatch(code), "somebody is mentioned");
        }

        Hold(!Mention().IsMatch(ChatText.Escape(text)), "somebody is mentioned");
    }

    [GeneratedRegex("[<>\"']|&(?!(amp|lt|gt|quot|#[0-9]+);)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Markup();

    [GeneratedRegex("^`([^`<>\\n&]|&(amp|lt|gt);)+`$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex InCode();

    [GeneratedRegex(
        "[@\uff20\ufe6b](here|channel|everyone|all|group)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Mention();
}
