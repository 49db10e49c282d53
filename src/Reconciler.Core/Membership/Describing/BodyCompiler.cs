using System.Text.Json.Nodes;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks the bodies of calls: JSON with placeholders that have values.</summary>
internal sealed class BodyCompiler(VendorDefinitionSpec spec, Problems problems)
{
    public BodyTemplate Compile(Node node, IReadOnlyCollection<string> placeholders) =>
        node switch
        {
            MappingNode { Entries: { Count: 1 } entries } when IsUnquoted(entries, placeholders) => Unquoted(node),
            MappingNode mapping => new BodyTemplate.Mapping([
                .. mapping.Entries.Select(e => KeyValuePair.Create(e.Name, Compile(e.Value, placeholders))),
            ]),
            SequenceNode list => new BodyTemplate.List([.. list.Items.Select(i => Item(i, placeholders))]),
            ScalarNode { Kind: ScalarKind.Text } scalar => Text(scalar, placeholders),
            ScalarNode scalar => Literal(scalar),
            _ => throw new InvalidOperationException($"{node.GetType().Name} is no piece of a manifest"),
        };

    // YAML reads {email} without quotes as a mapping with one key.
    private static bool IsUnquoted(MappingEntries entries, IReadOnlyCollection<string> placeholders) =>
        entries.Single() is { Value: ScalarNode { Kind: ScalarKind.Nothing } } only
        && placeholders.Contains(only.Name.TrimEnd('?'));

    private BodyTemplate.Fixed Unquoted(Node node)
    {
        var name = ((MappingNode)node).Entries.Single().Name;
        problems.Error(node, $"is a mapping with the key {name}; expected quotes around a placeholder: \"{{{name}}}\"");
        return new("null");
    }

    private BodyTemplate Item(Node node, IReadOnlyCollection<string> placeholders)
    {
        var item = Compile(node, placeholders);
        if (HasEach(item))
            return item;
        var words = item.Names.Where(n => n.EndsWith(DescribedWordCalls.Each, StringComparison.Ordinal)).ToHashSet();
        if (words.Count > 1)
            problems.Error(node, "has words of several fields; expected one {access.FIELD.each} in an item");
        else if (words.Count == 1)
            return new BodyTemplate.Each(item, words.Single());
        if (item is BodyTemplate.Value { Part.Text: var name } && IsList(name))
            problems.Error(node, $"is the list {{{name}}} within a list; expected it in the place of the whole list");
        return item;
    }

    // The innermost item that names a word is the one that is repeated.
    private static bool HasEach(BodyTemplate template) =>
        template switch
        {
            BodyTemplate.Each => true,
            BodyTemplate.Mapping mapping => mapping.Fields.Any(f => HasEach(f.Value)),
            BodyTemplate.List list => list.Items.Any(HasEach),
            _ => false,
        };

    private bool IsList(string placeholder) =>
        placeholder == CallCompiler.Emails
        || spec.Access.Any(f => $"access.{f.Name}" == placeholder && f.Form == AccessFieldForm.Words);

    private BodyTemplate Text(ScalarNode scalar, IReadOnlyCollection<string> placeholders)
    {
        if (TextTemplate.Parse(scalar.Text) is not { } template)
        {
            problems.Error(scalar, $"has an open brace in {scalar.Quote()}; expected {{NAME}}");
            return new BodyTemplate.Fixed("null");
        }

        PathCompiler.CheckNames(template.Parts, scalar, placeholders, problems);
        if (template.Only is { } placeholder)
            return new BodyTemplate.Value(placeholder);
        foreach (
            var part in template.Parts.Where(p =>
                p.IsPlaceholder
                && (
                    p.IsOptional
                    || p.Text.StartsWith("access.", StringComparison.Ordinal)
                    || DescribedRead.Fills(p.Text)
                    || IsList(p.Text)
                )
            )
        )
            problems.Error(
                scalar,
                $"has {{{part.Text}}} among other text; expected it alone, since its value is no text"
            );
        return template.Names.Any()
            ? new BodyTemplate.Text(template)
            : new BodyTemplate.Fixed(JsonValue.Create(scalar.Text).ToJsonString());
    }

    private BodyTemplate.Fixed Literal(ScalarNode scalar)
    {
        if (scalar.Kind == ScalarKind.Nothing)
            return new("null");
        if (scalar.Kind == ScalarKind.Flag)
            return new(scalar.Text.ToLowerInvariant() is "true" or "yes" or "on" ? "true" : "false");
        if (IsJsonNumber(scalar.Text))
            return new(scalar.Text);
        problems.Error(scalar, $"is {scalar.Describe()}, which JSON cannot hold; expected a decimal number");
        return new("null");
    }

    private static bool IsJsonNumber(string text)
    {
        try
        {
            return JsonNode.Parse(text)?.GetValueKind() == System.Text.Json.JsonValueKind.Number;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
