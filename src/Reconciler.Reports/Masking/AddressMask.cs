using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Text;

namespace Reconciler.Reports.Masking;

/// <summary>
/// Masks addresses: each becomes <c>a…(at)e…#3</c>, with one number for each person within one output. A masked text
/// contains no <c>@</c>, so nothing that looks like an address is left in it, wherever the text comes from.
/// Thread-safe.
/// </summary>
public sealed partial class AddressMask
{
    private const string At = "(at)";

    private readonly ConcurrentDictionary<string, string> _masks = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private volatile (string Spelling, string Key)[] _unusual = [];
    private volatile (string Name, string Shown)[] _names = [];

    /// <summary>
    /// Assigns numbers to people in the order of their addresses, so that the same run produces the same numbers.
    /// </summary>
    /// <param name="addresses">
    /// The addresses, as vendors and manifests have them. Texts without <c>@</c> are ignored.
    /// </param>
    internal void Number(IEnumerable<string> addresses)
    {
        foreach (
            var key in addresses
                .Where(a => a.Contains('@', StringComparison.Ordinal))
                .Select(EmailAddress.KeyOf)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
            MaskOf(key);
    }

    /// <summary>
    /// Adds addresses in an unusual form, such as with a space, so that texts with them are masked completely.
    /// </summary>
    /// <param name="addresses">The addresses, as vendors and manifests have them.</param>
    public void Learn(IEnumerable<string> addresses)
    {
        var unusual = addresses
            .Where(IsUnusual)
            .SelectMany(a => Spellings(a.Trim()), (a, spelling) => (Spelling: spelling, Key: EmailAddress.KeyOf(a)))
            .ToList();
        if (unusual.Count == 0)
            return;
        lock (_lock)
            _unusual =
            [
                .. _unusual
                    .Concat(unusual)
                    .Distinct()
                    .OrderByDescending(a => a.Spelling.Length)
                    .ThenBy(a => a.Spelling, StringComparer.Ordinal),
            ];
    }

    /// <summary>Adds a name that was derived from a text, since it reveals an address in that text.</summary>
    /// <param name="name">The name, such as ana-example-com.</param>
    /// <param name="text">The text that it was derived from, such as "ana@example.com".</param>
    public void LearnName(string name, string text)
    {
        if (Text(text) is var shown && shown != text && name.Length > 0)
            lock (_lock)
                _names = [.. _names, (name, shown)];
    }

    /// <summary>Masks the addresses in a text.</summary>
    public string Text(string text)
    {
        foreach (var (name, shown) in _names)
            text = WithoutName(text, name, shown);
        if (!AnyAt().IsMatch(text) && !SpelledAt().IsMatch(text))
            return text;
        var plain = text;
        foreach (var (spelling, key) in _unusual)
            plain = plain.Replace(spelling, MaskOf(key), StringComparison.OrdinalIgnoreCase);
        return Run()
            .Replace(SpelledAt().Replace(plain, "@"), m => AnyAt().IsMatch(m.Value) ? Masked(m.Value) : m.Value);
    }

    // Only a whole name is replaced, together with a number at its end, as the name of a second file has.
    private static string WithoutName(string text, string name, string shown)
    {
        for (
            var at = text.IndexOf(name, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(name, at, StringComparison.Ordinal)
        )
        {
            var end = at + name.Length;
            var isAlone =
                (at == 0 || !(char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == '-'))
                && (end == text.Length || !char.IsAsciiLetterOrDigit(text[end]));
            if (isAlone)
                text = string.Concat(text.AsSpan(0, at), shown, text.AsSpan(end));
            at += isAlone ? shown.Length : 1;
        }

        return text;
    }

    private static bool IsUnusual(string address)
    {
        var trimmed = address.Trim();
        if (trimmed.Length < 3 || !AnyAt().IsMatch(trimmed))
            return false;
        var run = Run().Match(trimmed);
        return run.Length != trimmed.Length
            || run.Value.Trim(Edges).Length != trimmed.Length
            || SpelledAt().IsMatch(trimmed);
    }

    // Texts may contain addresses with spelled-out control characters, and answers of vendors have them in JSON.
    private static IEnumerable<string> Spellings(string address) =>
        [
            address,
            TerminalText.Escape(address),
            ProblemText.Quote(address)[1..^1],
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(address),
            JavaScriptEncoder.Default.Encode(address),
        ];

    private string Masked(string run)
    {
        var address = run.Trim(Edges);
        if (address.Length == 0)
            return AnyAt().Replace(run, At);
        var start = run.IndexOf(address, StringComparison.Ordinal);
        return string.Concat(
            run.AsSpan(0, start),
            MaskOf(EmailAddress.KeyOf(AnyAt().Replace(address, "@"))),
            run.AsSpan(start + address.Length)
        );
    }

    private string MaskOf(string key)
    {
        if (_masks.TryGetValue(key, out var known))
            return known;
        lock (_lock)
            return _masks.GetOrAdd(
                key,
                k => string.Create(CultureInfo.InvariantCulture, $"{Shape(k)}#{_masks.Count + 1}")
            );
    }

    private static string Shape(string key)
    {
        var at = key.LastIndexOf('@');
        return $"{First(key)}…{At}{First(at < 0 ? "" : key[(at + 1)..])}…";
    }

    private static string First(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            return Rune.IsLetterOrDigit(rune) ? rune.ToString() : "?";
        return "?";
    }

    // Characters around an address in a sentence that are rarely part of it.
    private const string EdgeCharacters = "'.!?*_~…";

    private static readonly char[] Edges = EdgeCharacters.ToCharArray();

    // The sign as text, in a URL, and in JSON.
    [GeneratedRegex(
        "@|%(?:25)*40|\\\\u0040|\uff20|\ufe6b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex AnyAt();

    [GeneratedRegex(
        "&#0*64;|&#x0*40;|&commat;",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex SpelledAt();

    // Matches everything up to a character that ends an address in a sentence, a path, or a list.
    [GeneratedRegex("[^\\s<>()\\[\\]{},;:\"`|=/]+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Run();
}
