using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Reconciler.Core.Membership.Describing;

/// <summary>A JSON value with placeholders.</summary>
public abstract record BodyTemplate
{
    /// <summary>The placeholders, in order.</summary>
    public abstract IEnumerable<TemplatePart> Parts { get; }

    /// <summary>The names of the placeholders, in order.</summary>
    public IEnumerable<string> Names => Parts.Select(p => p.Text);

    /// <summary>Makes the JSON.</summary>
    /// <param name="value">Returns the value of a name; null if there is none.</param>
    /// <returns>The JSON; null for JSON's null.</returns>
    public abstract JsonNode? Fill(Func<string, JsonNode?> value);

    // Whether a key is left out where there is no value.
    private bool IsOptional => this is Value { Part.IsOptional: true };

    /// <summary>A mapping.</summary>
    /// <param name="Fields">Its keys and values, in order.</param>
    public sealed record Mapping(ImmutableArray<KeyValuePair<string, BodyTemplate>> Fields) : BodyTemplate
    {
        /// <inheritdoc/>
        public override IEnumerable<TemplatePart> Parts => Fields.SelectMany(f => f.Value.Parts);

        /// <inheritdoc/>
        public override JsonNode Fill(Func<string, JsonNode?> value)
        {
            var made = new JsonObject();
            foreach (var (name, template) in Fields)
            {
                var filled = template.Fill(value);
                if (filled is not null || !template.IsOptional)
                    made[name] = filled;
            }

            return made;
        }
    }

    /// <summary>A list.</summary>
    /// <param name="Items">Its values, in order.</param>
    public sealed record List(ImmutableArray<BodyTemplate> Items) : BodyTemplate
    {
        /// <inheritdoc/>
        public override IEnumerable<TemplatePart> Parts => Items.SelectMany(i => i.Parts);

        /// <inheritdoc/>
        public override JsonNode Fill(Func<string, JsonNode?> value) =>
            new JsonArray([
                .. Items
                    .SelectMany(i =>
                        i is Each each ? each.All(value) : [(IsLeftOut: i.IsOptional, Json: i.Fill(value))]
                    )
                    .Where(i => i.Json is not null || !i.IsLeftOut)
                    .Select(i => i.Json),
            ]);
    }

    /// <summary>An item of a list that is repeated for each word of access.</summary>
    /// <param name="Item">The item, with a placeholder of one word.</param>
    /// <param name="Word">The placeholder's name.</param>
    public sealed record Each(BodyTemplate Item, string Word) : BodyTemplate
    {
        /// <inheritdoc/>
        public override IEnumerable<TemplatePart> Parts => Item.Parts;

        /// <inheritdoc/>
        public override JsonNode? Fill(Func<string, JsonNode?> value) => Item.Fill(value);

        internal IEnumerable<(bool IsLeftOut, JsonNode? Json)> All(Func<string, JsonNode?> value)
        {
            // In a call of one word, the value is that word and no list.
            var found = value(Word);
            IEnumerable<JsonNode?> words = found is JsonArray list ? list : new[] { found };
            return words
                .OfType<JsonNode>()
                .Select(word => (false, Item.Fill(name => name == Word ? word.DeepClone() : value(name))));
        }
    }

    /// <summary>A value that is always the same.</summary>
    /// <param name="Json">The value, as JSON.</param>
    public sealed record Fixed(string Json) : BodyTemplate
    {
        /// <inheritdoc/>
        public override IEnumerable<TemplatePart> Parts => [];

        /// <inheritdoc/>
        public override JsonNode? Fill(Func<string, JsonNode?> value) => JsonNode.Parse(Json);
    }

    /// <summary>A placeholder, whose value keeps its type.</summary>
    /// <param name="Part">The placeholder.</param>
    public sealed record Value(TemplatePart Part) : BodyTemplate
    {
        /// <inheritdoc/>
        public override IEnumerable<TemplatePart> Parts => [Part];

        /// <inheritdoc/>
        public override JsonNode? Fill(Func<string, JsonNode?> value) => value(Part.Text);
    }

    /// <summary>A text that has placeholders among other things.</summary>
    /// <param name="Template">The text.</param>
    public sealed record Text(TextTemplate Template) : BodyTemplate
    {
        /// <inheritdoc/>
        public override IEnumerable<TemplatePart> Parts => Template.Parts.Where(p => p.IsPlaceholder);

        /// <inheritdoc/>
        public override JsonNode? Fill(Func<string, JsonNode?> value) =>
            Template.Fill(name => value(name) is JsonValue found ? found.ToString() : "");
    }
}
