using Polly;
using Polly.Retry;

namespace Reconciler.Providers.Http;

/// <summary>
/// Decides which attempts are repeated. Reads and idempotent writes are repeated after every temporary failure. Mails
/// and transfers are repeated only where the vendor certainly did nothing: no connection was made, or it answered 429
/// before handling the request. After a 5xx or a lost answer, the mail may have been sent.
/// </summary>
internal static class RetryRules
{
    public const int MaxAttempts = 4;

    /// <summary>The longest wait that a vendor may ask for within a run.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Whether an attempt is repeated.</summary>
    public static bool Repeats(Effect effect, Attempt attempt) =>
        !AsksTooMuch(attempt)
        && attempt.Outcome switch
        {
            Outcome.Throttled or Outcome.Unsent => true,
            Outcome.Failed or Outcome.Lost => effect is Effect.Read or Effect.IdempotentWrite,
            _ => false,
        };

    /// <summary>Whether the vendor asked to wait longer than a run may.</summary>
    public static bool AsksTooMuch(Attempt attempt) => attempt.RetryAfter > LongestWait;

    /// <summary>Whether an attempt may have changed something although it did not complete.</summary>
    public static bool LeavesDoubt(Effect effect, Attempt attempt) =>
        effect is not Effect.Read && attempt.Outcome is Outcome.Failed or Outcome.Lost or Outcome.Unreadable;

    /// <summary>Creates the retry pipeline for all calls of one provider.</summary>
    public static ResiliencePipeline<Call> Pipeline(TimeSpan backoff, TimeProvider clock) =>
        new ResiliencePipelineBuilder<Call> { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions<Call>
                {
                    MaxRetryAttempts = MaxAttempts - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = backoff,
                    MaxDelay = LongestWait,
                    ShouldHandle = static args =>
                        ValueTask.FromResult(
                            args.Outcome.Result is { Last: { } last } call && Repeats(call.Request.Effect, last)
                        ),
                    DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result?.Last?.RetryAfter),
                }
            )
            .Build();
}
