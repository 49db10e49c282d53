using Polly;
using Polly.Retry;

namespace Reconciler.Worker.Notifications;

/// <summary>
/// When a message is sent again. A message that comes twice does no harm, so every failure that may be temporary is
/// tried again.
/// </summary>
public static class PostRetry
{
    /// <summary>How often a message is sent at most.</summary>
    public const int MaxAttempts = 5;

    /// <summary>The first wait; each further one is twice as long, unless the target names one.</summary>
    internal static readonly TimeSpan Backoff = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait that a target may ask for; one that asks for more is not told.</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>The pipeline of one target.</summary>
    internal static ResiliencePipeline<PostAnswer> Pipeline(TimeProvider clock) =>
        new ResiliencePipelineBuilder<PostAnswer> { TimeProvider = clock }
            .AddRetry(
                new RetryStrategyOptions<PostAnswer>
                {
                    MaxRetryAttempts = MaxAttempts - 1,
                    BackoffType = DelayBackoffType.Exponential,
                    // Nobody else sends to this target, so retries need no random delay.
                    UseJitter = false,
                    Delay = Backoff,
                    MaxDelay = LongestWait,
                    ShouldHandle = static args =>
                        ValueTask.FromResult(
                            args.Outcome.Result is { Outcome: PostOutcome.Later } answer
                                && !(answer.RetryAfter > LongestWait)
                        ),
                    DelayGenerator = static args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter),
                }
            )
            .Build();
}
