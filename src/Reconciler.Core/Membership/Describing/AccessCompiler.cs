using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks the fields of access of a definition.</summary>
internal sealed class AccessCompiler(VendorDefinitionSpec spec, Problems problems)
{
    private readonly HashSet<string> _names = [.. spec.Access.Select(f => f.Name).OfType<string>()];

    /// <summary>The fields' names.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>The language of access; checks each field.</summary>
    public AccessVocabulary Words()
    {
        foreach (var twice in spec.Access.GroupBy(f => f.Name).Where(g => g.Key is not null && g.Count() > 1))
            problems.Error(twice.Last().Origin.At("name"), $"names the field {twice.Key} twice");
        if (spec.Access.Count == 0)
            problems.Error(spec.Origin.At("access"), "has no field; expected at least one");
        else if (spec.Access.All(f => f.Descriptive == true || IsEnd(f)))
            problems.Error(
                spec.Origin.At("access"),
                "has no field that gives access; expected one that is neither descriptive nor an end"
            );
        return new([.. spec.Access.Where(f => f.Name is not null && !IsEnd(f)).Select(Field)])
        {
            End = new EndCompiler(spec, problems).Compile(),
        };
    }

    /// <summary>Whether a field is the day on which the vendor ends access.</summary>
    /// <param name="name">The field's name.</param>
    public bool IsEnd(string name) => spec.Access.Any(f => f.Name == name && IsEnd(f));

    private static bool IsEnd(AccessFieldDefinition field) => field.Form == AccessFieldForm.End;

    /// <summary>How words are sent and received.</summary>
    public ImmutableDictionary<string, DescribedField> Fields() =>
        spec
            .Access.Where(f => f.Name is not null)
            .DistinctBy(f => f.Name)
            .ToImmutableDictionary(
                f => f.Name,
                f => new DescribedField(f.Name, FormOf(f))
                {
                    Names = f.Names,
                    Numbers = f.Numbers == true,
                    Sent = Map(f.Sent),
                    Received = f.Received is null
                        ? Map(f.Sent)
                            .GroupBy(p => p.Value, StringComparer.Ordinal)
                            .ToImmutableDictionary(g => g.Key, g => g.First().Key, StringComparer.Ordinal)
                        : Map(f.Received),
                },
                StringComparer.Ordinal
            );

    /// <summary>Checks a word of a field that is not read but written in the definition.</summary>
    /// <param name="entry">The field's name, with the word.</param>
    public void CheckWord(MappingEntry entry)
    {
        if (spec.Access.FirstOrDefault(f => f.Name == entry.Name) is not { } field)
            problems.Error(
                entry.Key,
                $"is no field of spec.access; expected {ProblemText.List(_names)}"
                    + ProblemText.DidYouMean(entry.Name, _names)
            );
        else if (entry.Value is ScalarNode word && field.Known is { } known && field.Open != true)
            CheckWord(word, word.Text, [.. known]);
    }

    private AccessField Field(AccessFieldDefinition field)
    {
        var form = FormOf(field);
        EndCompiler.CheckOther(field, problems);
        ImmutableArray<string> known = [.. field.Known ?? []];
        var isOpen = field.Open ?? known.IsEmpty;
        if (form == AccessForm.Flag)
            CheckFlag(field);
        else if (!isOpen)
            CheckWords(field, known);
        if (field.Names is { } names && spec.Names?.ContainsKey(names) != true)
            problems.Error(
                field.Origin.At("names"),
                $"is {ProblemText.Quote(names)}; expected a list below spec.names"
                    + ProblemText.DidYouMean(names, spec.Names?.Keys ?? [])
            );
        if (field.Numbers == true)
            CheckNumbers(field, known, isOpen);
        if (form != AccessForm.Flag)
            CheckReceived(field, known, isOpen);
        return new(field.Name, form, field.Description ?? "")
        {
            Known = known,
            Open = isOpen && form != AccessForm.Flag,
            Admin = [.. field.Admin ?? []],
            Required = field.Required == true,
            LeftAloneWhenAbsent = field.NotManagedWhenAbsent == true,
            Descriptive = field.Descriptive == true,
        };
    }

    private void CheckFlag(AccessFieldDefinition field)
    {
        foreach (var name in (string[])["known", "open", "names", "sent", "received", "numbers"])
        {
            if (field.Origin[name] is { } at)
                problems.Error(at, "means nothing for a flag; expected no such field");
        }

        if (field.Admin is { } admin && (admin.Count != 1 || admin[0] != "true"))
            problems.Error(field.Origin.At("admin"), "names words; expected [\"true\"] for a flag");
    }

    private void CheckWords(AccessFieldDefinition field, ImmutableArray<string> known)
    {
        if (field.Origin["admin"] is SequenceNode admin)
        {
            foreach (var word in admin.Items.OfType<ScalarNode>())
                CheckWord(word, word.Text, known);
        }

        if (field.Origin["sent"] is not MappingNode sent)
            return;
        foreach (var entry in sent.Entries)
            CheckWord(entry.Key, entry.Name, known);
    }

    private void CheckWord(Node at, string word, ImmutableArray<string> known)
    {
        if (!known.Contains(word))
            problems.Error(
                at,
                $"is {ProblemText.Quote(word)}, which is not among the known words; "
                    + $"expected one of {string.Join(", ", known)}{ProblemText.DidYouMean(word, known)}"
            );
    }

    private void CheckNumbers(AccessFieldDefinition field, ImmutableArray<string> known, bool isOpen)
    {
        var sent = Map(field.Sent);
        if (field.Names is not null)
            problems.Error(field.Origin.At("numbers"), "means nothing beside names; expected one of both");
        else if (isOpen || known.Any(w => !IsNumber(sent.GetValueOrDefault(w))))
            problems.Error(
                field.Origin.At("numbers"),
                "is true, but not every word has a number; expected known words, each with a whole number in sent"
            );
    }

    // What is sent has to be read as the same word again, or every run would change it again.
    private void CheckReceived(AccessFieldDefinition field, ImmutableArray<string> known, bool isOpen)
    {
        var (sent, received) = (Map(field.Sent), Map(field.Received));
        if (field is { Names: not null, Sent: not null })
            problems.Error(field.Origin.At("sent"), "means nothing beside names; expected one of both");
        if (field.Received is null)
        {
            foreach (var twice in sent.GroupBy(s => s.Value, StringComparer.Ordinal).Where(g => g.Count() > 1))
                problems.Error(
                    field.Origin.At("sent"),
                    $"sends {ProblemText.Quote(twice.Key)} for {string.Join(" and ", twice.Select(t => t.Key).Order())}; "
                        + "expected received, which says the word that it is read as"
                );
            return;
        }

        var mapping = (MappingNode)field.Origin["received"]!;
        foreach (var entry in mapping.Entries.Where(_ => !isOpen))
            CheckWord(entry.Value, received[entry.Name], known);
        foreach (var (word, value) in sent.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (sent.Count(s => s.Value == value) == 1 && received.GetValueOrDefault(value, value) != word)
                problems.Error(
                    mapping,
                    $"does not read {ProblemText.Quote(value)} as {word}, as which it is sent, so that every run would "
                        + "send it again"
                );
        }
    }

    private static bool IsNumber(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static AccessForm FormOf(AccessFieldDefinition field) =>
        field.Form switch
        {
            AccessFieldForm.Word => AccessForm.Word,
            AccessFieldForm.Flag => AccessForm.Flag,
            AccessFieldForm.End => AccessForm.End,
            _ => AccessForm.Words,
        };

    private static ImmutableDictionary<string, string> Map(IReadOnlyDictionary<string, string>? map) =>
        (map ?? new Dictionary<string, string>()).ToImmutableDictionary(StringComparer.Ordinal);
}
