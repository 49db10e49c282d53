using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership.Describing;

namespace Reconciler.Reports;

/// <summary>Describes the calls and lists of a described vendor in words.</summary>
internal static class CallText
{
    /// <summary>A call: method, path, effect, and what proves that it is done.</summary>
    /// <param name="call">The call.</param>
    /// <param name="closed">Whether every path ends in a slash.</param>
    public static string Of(DescribedCall call, bool closed)
    {
        var effect = call.Effect switch
        {
            CallEffect.Mails => "mails",
            CallEffect.Transfers => "transfers",
            _ => "idempotent",
        };
        var then = call.Then is { } mail ? $"; then {Sent(mail.Call, closed)} for the mail" : "";
        var reads = call.Reads is { } read
            ? $"; sends back what GET {Path(read.Path, closed)} has at "
                + string.Join(", ", read.Values.Values.Select(v => v.Text))
            : "";
        return $"{Sent(call, closed)}; {effect}{reads}{then}; {Of(call.Proof)}";
    }

    /// <summary>The calls of a change, of one word each.</summary>
    /// <param name="words">The calls.</param>
    /// <param name="closed">Whether every path ends in a slash.</param>
    public static string Of(DescribedWordCalls words, bool closed) =>
        $"{Sent(words.Give, closed)} for each new word, and then {Sent(words.Take, closed)} for each that goes; "
        + Of((DescribedProof?)null);

    private static string Sent(DescribedCall call, bool closed) =>
        $"{call.Method.ToString().ToUpperInvariant()} {Path(call.Path, closed)}";

    /// <summary>A list: its path, where its items are, and how it is cut into pages.</summary>
    /// <param name="list">The list.</param>
    /// <param name="closed">Whether every path ends in a slash.</param>
    public static string Of(DescribedList list, bool closed)
    {
        var query = string.Join('&', list.Query.Select(q => $"{q.Key}={q.Value}"));
        var items = list.Items.Text.Length == 0 ? "the whole body" : list.Items.Text;
        return $"GET {Path(list.Path, closed)}{(query.Length == 0 ? "" : $"?{query}")}; items: {items}; "
            + (
                list.Paging is { } paging
                    ? $"pages by {paging.By.ToString().ToLowerInvariant()} ({string.Join(", ", paging.Query)})"
                    : "all at once"
            );
    }

    /// <summary>A condition.</summary>
    /// <param name="condition">The condition.</param>
    public static string Of(JsonCondition condition)
    {
        var at = condition.At.Text.Length == 0 ? "the answer" : condition.At.Text;
        return condition.Present is { } present ? $"{at} is {(present ? "there" : "not there")}"
            : condition.Is.IsEmpty ? $"{at} is not {string.Join(" or ", condition.Not)}"
            : $"{at} is {string.Join(" or ", condition.Is)}";
    }

    /// <summary>A path with its placeholders.</summary>
    /// <param name="path">The segments.</param>
    /// <param name="closed">Whether it ends in a slash.</param>
    public static string Path(ImmutableArray<TextTemplate> path, bool closed) =>
        string.Concat(path.Select(s => $"/{Text(s)}")) + (closed ? "/" : "");

    private static string Text(TextTemplate segment) =>
        string.Concat(segment.Parts.Select(p => p.IsPlaceholder ? $"{{{p.Text}{(p.IsOptional ? "?" : "")}}}" : p.Text));

    private static string Of(DescribedProof? proof)
    {
        if (proof is null)
            return "the project is read again";
        if (proof.Status)
            return "a status of success proves it";
        string[] parts =
        [
            .. proof.Email is { } email ? [$"the address at {email.Text}"] : (string[])[],
            .. proof.Id is { } id ? [$"the id at {id.Text}"] : (string[])[],
            .. proof.Access.Select(a => $"{a.Field} at {a.At.Text}"),
            .. proof.Where.Select(Of),
        ];
        var where = proof.Items is { } items ? $" in {items.Text}" : "";
        return $"the answer proves it{where}: {string.Join(", ", parts)}";
    }
}
