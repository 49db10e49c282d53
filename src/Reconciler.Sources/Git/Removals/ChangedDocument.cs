using System.Text.RegularExpressions;

namespace Reconciler.Sources.Git.Removals;

/// <summary>One YAML document in a commit: its kind and name, and the lines that the commit took out or added.</summary>
internal sealed partial class ChangedDocument
{
    private string _kind = "";
    private string _name = "";
    private string _namespace = "default";
    private bool _inMetadata;

    /// <summary>The changed lines without their comments.</summary>
    public List<string> Changed { get; } = [];

    /// <summary>The document's kind, namespace and name, as <see cref="KeyOf"/> writes them.</summary>
    public string Key => KeyOf(_kind, $"{_namespace}/{_name}");

    /// <summary>Whether its kind and name were found.</summary>
    public bool IsNamed => _kind.Length > 0 && _name.Length > 0;

    /// <summary>Returns the key of a document, such as <c>Team default/platform</c>.</summary>
    public static string KeyOf(string kind, string id) => $"{kind} {id}";

    /// <summary>Adds a line of the document.</summary>
    public void Add(string line, bool isChanged)
    {
        var text = Comment().Replace(line, "");
        Name(text);
        if (isChanged && text.Trim().Length > 0)
            Changed.Add(text);
    }

    // Enough YAML to tell documents apart; a form that is not understood names no commit.
    private void Name(string text)
    {
        if (Kind().Match(text) is { Success: true } kind && _kind.Length == 0)
            _kind = kind.Groups["word"].Value;
        if (text.Length > 0 && !char.IsWhiteSpace(text[0]))
            _inMetadata = text.StartsWith("metadata:", StringComparison.Ordinal);
        if (!_inMetadata)
            return;
        if (NameField().Match(text) is { Success: true } name && _name.Length == 0)
            _name = name.Groups["word"].Value;
        if (NamespaceField().Match(text) is { Success: true } space)
            _namespace = space.Groups["word"].Value;
    }

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex("^kind:\\s*[\"']?(?<word>[A-Za-z]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Kind();

    [GeneratedRegex(
        "[\\s{,]name:\\s*[\"']?(?<word>[A-Za-z0-9.-]+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex NameField();

    [GeneratedRegex(
        "[\\s{,]namespace:\\s*[\"']?(?<word>[A-Za-z0-9.-]+)",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex NamespaceField();
}
