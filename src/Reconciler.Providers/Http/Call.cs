using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>Tracks one request through all its attempts.</summary>
/// <param name="request">The request.</param>
/// <param name="path">Its path below the base URL.</param>
/// <param name="meanings">The documented meanings of refused invitations.</param>
internal sealed class Call(ApiRequest request, string path, ImmutableArray<AnswerMeaning> meanings)
{
    public ApiRequest Request => request;

    public int Attempts { get; private set; }

    public Attempt? Last { get; private set; }

    /// <summary>Whether an attempt may have changed something although it did not complete.</summary>
    public bool InDoubt { get; private set; }

    /// <summary>The method, and the path below the base URL.</summary>
    public string Name => $"{request.Method} {path}";

    public string Path => path;

    public int Begin() => ++Attempts;

    public Call End(Attempt attempt)
    {
        Last = attempt;
        InDoubt |= RetryRules.LeavesDoubt(request.Effect, attempt);
        return this;
    }

    /// <summary>Creates the error after the last attempt.</summary>
    public ProviderException Failure()
    {
        var last = Last!;
        var (fault, advice) = Judge(last);
        var tries = Attempts > 1 ? $", at attempt {Attempts}" : "";
        return new(fault, $"{Name} {last.Text}{tries}{advice}{last.RequestIdSuffix}", last.Cause)
        {
            RetryAfter = last.RetryAfter,
        };
    }

    /// <summary>
    /// Creates the error for a cancelled wait between two attempts, where an earlier attempt may have taken effect.
    /// </summary>
    public ProviderException Interrupted() =>
        new(
            ProviderFault.Ambiguous,
            $"{Name} {Last!.Text}, and was interrupted before another attempt; it may have been done{Last.RequestIdSuffix}",
            Last.Cause
        );

    /// <summary>Creates the error for a successful answer that cannot be read.</summary>
    public ProviderException Unreadable(string what) =>
        request.Effect is Effect.Read
            ? new(ProviderFault.BadAnswer, $"{Name} {what}{Last?.RequestIdSuffix}")
            : new(ProviderFault.Ambiguous, $"{Name} {what}; it may have been done{Last?.RequestIdSuffix}");

    /// <summary>Creates the error for an answer with a status of success whose body reports a refusal.</summary>
    public ProviderException Refused(string answer, string said) =>
        new(
            ProviderFault.Refused,
            $"{Name} answered {answer}{(said.Length == 0 ? "" : $": {said}")}{Last?.RequestIdSuffix}"
        );

    private (ProviderFault Fault, string Advice) Judge(Attempt last)
    {
        // A refusal after a lost attempt counts as a refusal: the vendor would have refused the lost attempt too. Only
        // a repeated revocation or removal can be refused because the lost attempt succeeded, and its caller reads the
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
            return (
                ProviderFault.RateLimited,
                $"; it asks to wait {asked:0} s, and a reconcile waits {most:0} s at most"
            );
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

    // A reason that stops further invitations does not apply to other requests.
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
