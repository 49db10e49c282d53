using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Refuses headers by which a definition could send a token elsewhere, or change what a request is.</summary>
internal static class HeaderCheck
{
    private static readonly string[] Refused =
    [
        "Host",
        "Cookie",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "TE",
        "Trailer",
        "Expect",
        "Range",
        "Forwarded",
        "Via",
        "X-Request-Id",
        "X-Original-URL",
        "X-Rewrite-URL",
    ];
    private static readonly string[] RefusedPrefixes =
    [
        "Content-",
        "Proxy-",
        "X-Forwarded-",
        "Sec-",
        "If-",
        "X-HTTP-Method",
        "X-Method-Override",
    ];

    public static void Check(VendorDefinitionSpec spec, Problems problems)
    {
        if (spec.Token.Header is { } token && IsRefused(token))
            problems.Error(spec.Token.Origin.At("header"), $"is {token}, which cannot carry a token");
        if (spec.Token.Second is { } second)
        {
            if (IsRefused(second))
                problems.Error(spec.Token.Origin.At("second"), $"is {second}, which cannot carry a key");
            else if (second.Equals(spec.Token.Header, StringComparison.OrdinalIgnoreCase))
                problems.Error(spec.Token.Origin.At("second"), "is the header of the first key; expected another one");
        }

        if (spec.Token.Prefix is { } prefix && !IsPrintable(prefix))
            problems.Error(
                spec.Token.Origin.At("prefix"),
                "has characters that no header can; expected printable ASCII"
            );
        if (spec.Origin["headers"] is not MappingNode headers)
            return;
        foreach (var entry in headers.Entries)
        {
            if (!IsName(entry.Name))
                problems.Error(entry.Key, "is no header's name; expected letters, digits and dashes");
            else if (IsRefused(entry.Name))
                problems.Error(entry.Key, "is a header that a definition cannot set");
            else if (entry.Value is ScalarNode { Text: var text } && !IsPrintable(text))
                problems.Error(entry.Value, "has characters that no header can; expected printable ASCII");
            else if (
                entry.Name.Equals(spec.Token.Header, StringComparison.OrdinalIgnoreCase)
                || entry.Name.Equals(spec.Token.Second, StringComparison.OrdinalIgnoreCase)
                || entry.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
            )
                problems.Error(entry.Key, "may hold a token; expected it in spec.token, and its value in a Secret");
        }
    }

    private static bool IsRefused(string name) =>
        Refused.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Array.Exists(RefusedPrefixes, p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase));

    private static bool IsPrintable(string text) => text.All(c => c is >= ' ' and <= '~');

    private static bool IsName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
