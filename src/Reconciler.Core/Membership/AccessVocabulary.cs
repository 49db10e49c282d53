using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership;

/// <summary>The form of a field of access.</summary>
public enum AccessForm
{
    /// <summary>A list of words.</summary>
    Words,

    /// <summary>One word.</summary>
    Word,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>
    /// The day on which the vendor ends access by itself; see <see cref="AccessEnd"/>. Manifests do not write it.
    /// </summary>
    End,
}

/// <summary>One field of a vendor's access.</summary>
/// <param name="Name">Its name in manifests, such as <c>permissions</c>.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Description">What it is, for documentation.</param>
public sealed record AccessField(string Name, AccessForm Form, string Description)
{
    /// <summary>The words that the vendor documents; empty if customers define their own.</summary>
    public ImmutableArray<string> Known { get; init; } = [];

    /// <summary>Whether other words than the known ones are allowed.</summary>
    public bool Open { get; init; }

    /// <summary>The words that make a person an administrator.</summary>
    public ImmutableArray<string> Admin { get; init; } = [];

    /// <summary>Whether a word may be the vendor's id (a UUID) instead of a name.</summary>
    public bool NamedById { get; init; }

    /// <summary>Whether the field is required.</summary>
    public bool Required { get; init; }

    /// <summary>
    /// Whether the vendor's value is not managed if the field is absent. Otherwise an absent field means none, because
    /// declared access is authoritative.
    /// </summary>
    public bool LeftAloneWhenAbsent { get; init; }

    /// <summary>Whether the words give no access by themselves (a profile).</summary>
    public bool Descriptive { get; init; }

    /// <summary>Makes a grant of this field.</summary>
    /// <param name="word">The word; <c>true</c> for a flag.</param>
    public Grant Grant(string word) =>
        new(
            Name,
            word,
            Form == AccessForm.Flag ? Name
                : Descriptive ? $"{Name} {word}"
                : word
        );
}

/// <summary>A vendor's language of access: its fields, their words, and which of them administer.</summary>
/// <param name="Fields">The fields, in the order of the documentation.</param>
public sealed record AccessVocabulary(ImmutableArray<AccessField> Fields)
{
    /// <summary>The most words of one field.</summary>
    public const int MostWords = 1000;

    /// <summary>The longest word, in characters.</summary>
    public const int LongestWord = 1024;

    /// <summary>The day on which the vendor ends access by itself; null if it ends none.</summary>
    public AccessEnd? End { get; init; }

    /// <summary>Finds a field by its name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    public AccessField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);

    /// <summary>Makes a grant that the vendor named.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="word">The word.</param>
    public Grant Grant(string field, string word) =>
        End is { } end && end.Name == field ? end.Grant(word) : Field(field)!.Grant(word);

    /// <summary>Returns access without the day on which the vendor ends it.</summary>
    /// <param name="access">The access.</param>
    public Access WithoutEnd(Access access) => End is null ? access : access.Without(EndOf(access));

    /// <summary>Returns nothing of access but the day on which the vendor ends it.</summary>
    /// <param name="access">The access.</param>
    public Access EndOf(Access access) => End is null ? Access.None : access.Of([End.Name]);

    /// <summary>
    /// Returns access with the day on which the vendor is to end it. The day is sent, and compared only where
    /// <see cref="WithEndCompared"/> says so: no invitation is sent again because of it.
    /// </summary>
    /// <param name="access">The access as declared.</param>
    /// <param name="expiresAt">When the last entry that gives it ends; null if one never does.</param>
    public DesiredAccess WithEnd(DesiredAccess access, DateTimeOffset? expiresAt) =>
        expiresAt is { } at && End?.DayOf(at) is { } day
            ? access with
            {
                Grants = access.Grants.With(Access.Of([End.Grant(day)])),
            }
            : access;

    /// <summary>Returns access whose end is compared as well, as of a member.</summary>
    /// <param name="access">The access as declared, with its end.</param>
    public DesiredAccess WithEndCompared(DesiredAccess access) =>
        End is null ? access : access with { Fields = [.. access.Fields, End.Name] };

    /// <summary>The day on which access ends; null if it does not.</summary>
    /// <param name="access">The access.</param>
    public string? DayOf(Access access) => End is null ? null : access.Words(End.Name).FirstOrDefault();

    /// <summary>The moment to which that day leads back; null if access has no end, or no real day.</summary>
    /// <param name="access">The access.</param>
    public DateTimeOffset? ExpiryOf(Access access) => DayOf(access) is { } day ? End!.ExpiryOf(day) : null;

    /// <summary>Whether access administers the project.</summary>
    /// <param name="access">The access.</param>
    public bool Administers(Access access)
    {
        foreach (var grant in access.Grants)
        {
            if (Field(grant.Field) is { } field && field.Admin.Contains(grant.Word))
                return true;
        }

        return false;
    }

    /// <summary>Reads access as a manifest writes it.</summary>
    /// <param name="words">The mapping.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <returns>The access, or null where a problem was found.</returns>
    public DesiredAccess? Read(AccessWords words, Problems problems)
    {
        var before = problems.ErrorCount;
        var grants = ReadGrants(words, problems);
        foreach (var field in Fields.Where(f => f.Required && words.Origin[f.Name] is null))
        {
            problems.Error(words.Origin, field.Name, $"is missing; expected {ExpectedOf(field)}");
        }

        if (problems.ErrorCount != before)
            return null;
        if (grants.All(g => Field(g.Field)!.Descriptive))
        {
            problems.Error(words.Origin, "grants nothing; to take somebody's access away, delete the entry");
            return null;
        }

        var managed = Fields.Where(f => !f.LeftAloneWhenAbsent || words.Origin[f.Name] is not null).Select(f => f.Name);
        return new(Access.Of(grants), [.. managed]);
    }

    /// <summary>Reads words of access in a rule, in which required fields may be absent.</summary>
    /// <param name="words">The mapping.</param>
    /// <param name="problems">Gets every problem found.</param>
    public Access ReadRule(AccessWords words, Problems problems)
    {
        var grants = ReadGrants(words, problems);
        if (grants.Count == 0)
            problems.Error(words.Origin, "names no access; expected at least one word");
        return Access.Of(grants);
    }

    private List<Grant> ReadGrants(AccessWords words, Problems problems)
    {
        var grants = new List<Grant>();
        foreach (var entry in words.Origin.Entries)
        {
            if (Field(entry.Name) is { } field)
                grants.AddRange(ReadField(field, entry.Value, problems));
            else
            {
                var free = Fields.Select(f => f.Name).Where(name => words.Origin[name] is null);
                problems.Error(
                    entry.Key,
                    $"unknown field; expected {ProblemText.List(Fields.Select(f => f.Name))}"
                        + ProblemText.DidYouMean(entry.Name, free)
                );
            }
        }

        return grants;
    }

    private static IEnumerable<Grant> ReadField(AccessField field, Node node, Problems problems)
    {
        switch (field.Form, node)
        {
            case (AccessForm.Flag, ScalarNode { Quoted: false, Text: "true" }):
                return [field.Grant("true")];
            case (AccessForm.Flag, ScalarNode { Quoted: false, Text: "false" }):
                return [];
            case (AccessForm.Word, ScalarNode):
                return ReadWord(field, node, problems);
            case (AccessForm.Words, SequenceNode list):
                if (list.Items.Count > MostWords)
                    problems.Error(
                        node,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"has {list.Items.Count} entries; expected at most {MostWords}"
                        )
                    );
                return list.Items.SelectMany(i => ReadWord(field, i, problems)).ToList();
            default:
                problems.Error(node, $"is {node.Describe()}; expected {ExpectedOf(field)}");
                return [];
        }
    }

    private static IEnumerable<Grant> ReadWord(AccessField field, Node node, Problems problems)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text } scalar || scalar.Text.Length == 0)
        {
            problems.Error(node, $"is {node.Describe()}; expected {WordsOf(field)}");
            return [];
        }

        if (scalar.Text.Length > LongestWord)
        {
            problems.Error(
                node,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is {scalar.Text.Length} characters long; expected at most {LongestWord}"
                )
            );
            return [];
        }

        if (field.Open || field.Known.Contains(scalar.Text))
            return [field.Grant(scalar.Text)];
        problems.Error(
            node,
            $"is {ProblemText.Quote(scalar.Text)}; "
                + $"expected one of {string.Join(", ", field.Known)}{ProblemText.DidYouMean(scalar.Text, field.Known)}"
        );
        return [];
    }

    private static string ExpectedOf(AccessField field) =>
        field.Form switch
        {
            AccessForm.Flag => "true or false",
            AccessForm.Word => WordsOf(field),
            _ => $"a list of words: {WordsOf(field)}",
        };

    private static string WordsOf(AccessField field) =>
        field.Known.IsEmpty ? "a name that the vendor knows"
        : field.Open ? $"a word such as {string.Join(", ", field.Known)}"
        : $"one of {string.Join(", ", field.Known)}";
}
