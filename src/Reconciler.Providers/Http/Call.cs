using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>One request through all its attempts.</summary>
/// <param name="request">The request.</param>
/// <param name="path">Its path below the base URL.</param>
/// <param name="meanings">What the vendor documents of refused invitations.</param>
internal sealed class Call(ApiRequest request, string path, ImmutableArray<AnswerMeaning> meanings)
{
    public ApiRequest Request => request;

    public int Attempts { get; private set; }

    public Attempt? Last { get; private set; }

    /// <summary>Whether an attempt may have changed something although it did not come to an end.</summary>
    public bool InDoubt { get; private set; }

    /// <summary>Method and path below the base URL.</summary>
    public string Name => $"{request.Method} {path}";

    public string Path => path;

    public int Begin() => ++Attempts;

    public Call End(Attempt attempt)
    {
        Last = attempt;
        InDoubt |= RetryRules.LeavesDoubt(request.Effect, attempt);
        return this;
    }

    /// <summary>What to throw after the last attempt.</summary>
    public ProviderException Failure()
    {
        var last = Last!;
        var (fault, advice) = Judge(last);
        var tries = Attempts > 1 ? $", at attempt {Attempts}" : "";
        return new(fault, $"{Name} {last.Text}{tries}{advice}{last.Mark}", last.Cause) { RetryAfter = last.RetryAfter };
    }

    /// <summary>
    /// What to throw where the waiting between two attempts was cut short, and an earlier one may have been done.
    /// </summary>
    public ProviderException Interrupted() =>
        new(
            ProviderFault.Ambiguous,
            $"{Name} {Last!.Text}, and was interrupted before another attempt; it may have been done{Last.Mark}",
            Last.Cause
        );

    /// <summary>What to throw where the vendor said yes in a way that cannot be read.</summary>
    public ProviderException Unreadable(string what) =>
        request.Effect is Effect.Read
            ? new(ProviderFault.BadAnswer, $"{Name} {what}{Last?.Mark}")
            : new(ProviderFault.Ambiguous, $"{Name} {what}; it may have been done{Last?.Mark}");

    /// <summary>
    /// What to throw where an answer with a status of success says in its body that the vendor refused.
    /// </summary>
    public ProviderException Refused(string answer, string said) =>
        new(ProviderFault.Refused, $"{Name} answered {answer}{(said.Length == 0 ? "" : $": {said}")}{Last?.Mark}");

    private (ProviderFault Fault, string Advice) Judge(Attempt last)
    {
        // Denied after a lost attempt stays denied: what the vendor refuses now it refused before too, unless the lost
        // attempt was itself the reason (a thing revoked or removed twice), and whoever asked for that looks at the
        // project again.
        if (Special(last) is { } special)
            return special;
        if (last.Outcome is Outcome.Denied)
            return (last.Fault, AdviceOn(last.Fault));
        if (InDoubt)
            return (ProviderFault.Ambiguous, "; it may have been done");
        if (RetryRules.AsksTooMuch(last))
        {
            var (asked, most) = (last.RetryAfter!.Value.TotalSeconds, RetryRules.LongestWait.TotalSeconds);
            return (ProviderFault.RateLimited, $"; it asks to wait {asked:0} s, and a pass waits {most:0} s at most");
        }

        return (
            last.Outcome switch
            {
                Outcome.Throttled => ProviderFault.RateLimited,
                Outcome.Unreadable => ProviderFault.BadAnswer,
                _ => ProviderFault.Unavailable,
            },
            ""
        );
    }

    // What keeps one more invitation from being sent says nothing about other requests.
    private (ProviderFault Fault, string Advice)? Special(Attempt last)
    {
        if (request.Effect is not Effect.Mails || last.Outcome is not (Outcome.Denied or Outcome.Throttled))
            return null;
        var asked = last.RetryAfter?.TotalSeconds;
        var documented = AnswerMeaning.Of(meanings, last.Status ?? 0, last.Body);
        if (documented is ProviderFault.NoSeat)
            return (ProviderFault.NoSeat, "; there is no seat left in the account");
        if (documented is null && (InDoubt || !RetryRules.AsksTooMuch(last)))
            return null;
        return (
            ProviderFault.InvitationsSpent,
            asked is null
                ? "; the account takes no more invitations"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"; it asks to wait {asked:0} s before the next invitation"
                )
        );
    }

    private static string AdviceOn(ProviderFault fault) =>
        fault switch
        {
            ProviderFault.Unauthorized =>
                "; check that the provider's token is complete, has not expired, and is one of this baseUrl",
            ProviderFault.Forbidden => "; check what the provider's token may do in this project",
            ProviderFault.NoSuchCall => "; the vendor has no such call at this baseUrl",
            ProviderFault.NotFound => "; check the id, and that the provider's token can see it",
            _ => "",
        };
}
