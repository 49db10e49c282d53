using System.Collections.Immutable;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Sandbox.Described;

/// <summary>Makes conditions hold, or not hold, of an answer that is being put together.</summary>
internal static class DraftConditions
{
    /// <summary>Whether a condition holds.</summary>
    public static bool Holds(this JsonDraft draft, JsonCondition condition)
    {
        if (condition.Present is { } present)
            return present == draft.Find(condition.At.Text) is not null;
        var text = draft.Text(condition.At.Text);
        return condition.Is.IsEmpty
            ? text is null || !condition.Not.Contains(text)
            : text is not null && condition.Is.Contains(text);
    }

    /// <summary>Whether all conditions of a list hold; never of an empty list.</summary>
    public static bool HoldsAll(this JsonDraft draft, IReadOnlyList<JsonCondition> conditions) =>
        conditions.Count > 0 && conditions.All(draft.Holds);

    /// <summary>Makes conditions hold.</summary>
    public static void Fulfil(this JsonDraft draft, params IEnumerable<JsonCondition> conditions)
    {
        foreach (var condition in conditions.Where(c => !draft.Holds(c)))
        {
            var at = condition.At.Text;
            if (condition.Present == false)
                draft.Remove(at);
            else if (condition.Present == true)
                draft.Set(at, JsonDraft.Compared("true"));
            else
                draft.Set(at, JsonDraft.Compared(condition.Is.IsEmpty ? Apart(condition.Not) : condition.Is[0]));
        }
    }

    /// <summary>Makes a condition not hold.</summary>
    public static void Break(this JsonDraft draft, JsonCondition condition)
    {
        if (!draft.Holds(condition))
            return;
        var at = condition.At.Text;
        if (condition.Present == true)
            draft.Remove(at);
        else if (condition.Present == false)
            draft.Set(at, JsonDraft.Compared("true"));
        else
            draft.Set(at, JsonDraft.Compared(condition.Not.IsEmpty ? Apart(condition.Is) : condition.Not[0]));
    }

    // A value that is none of some: the other flag where they are one, or else a word.
    private static string Apart(ImmutableArray<string> words)
    {
        if (words is ["true"])
            return "false";
        if (words is ["false"])
            return "true";
        var word = "other";
        while (words.Contains(word))
            word += "-";
        return word;
    }
}
