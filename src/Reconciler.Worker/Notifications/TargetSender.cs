using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Polly;

namespace Reconciler.Worker.Notifications;

/// <summary>
/// Tells one target, one message after the other. What happens while it may not send, or waits to try again, is
/// gathered into the next message. Events come from any thread; everything else is done by one loop.
/// </summary>
public sealed class TargetSender : IDisposable
{
    /// <summary>How many events wait for one target at most.</summary>
    public const int MostWaiting = 500;

    private readonly NotificationTarget _target;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Action<bool>? _delivered;
    private readonly WebhookPost _post;
    private readonly ResiliencePipeline<PostAnswer> _retry;
    private readonly Channel<WorkerEvent> _queue = Channel.CreateBounded<WorkerEvent>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );
    private readonly NewsMemory _memory = new();
    private readonly Lock _gate = new();
    private readonly MessageRate _rate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _deadline = new();
    private List<WorkerEvent> _kept = [];
    private int _lost;
    private bool _overflows;

    internal TargetSender(NotificationTarget target, TimeProvider clock, ILogger log, Action<bool>? delivered)
    {
        (_target, _clock, _log, _delivered) = (target, clock, log, delivered);
        (_post, _retry) = (new WebhookPost(target, clock), PostRetry.Pipeline(clock));
    }

    /// <summary>Takes an event where it is news to the target; never waits and never throws.</summary>
    internal void Offer(WorkerEvent happened)
    {
        lock (_gate)
        {
            if (
                _stopping.IsCancellationRequested
                || !_memory.IsNews(happened, _target.Wants(happened.Kind), _clock.GetUtcNow())
            )
                return;
            var isFirst = !_overflows;
            _overflows = !_queue.Writer.TryWrite(happened);
            if (!_overflows)
                return;
            _memory.Forget(happened);
            _lost++;
            if (!isFirst)
                return;
        }

        // Logged once for each overflow, since the next message tells how many events were lost.
        NotificationLog.Overflowed(_log, _target.Name);
    }

    /// <summary>Sends until it is stopped, and then what is left, in one message.</summary>
    internal async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
            await TellAsync(await GatherAsync());
        if (_kept.Count > 0)
            await TellAsync(await GatherAsync());
    }

    /// <summary>No more events: what waits is sent at once.</summary>
    internal void Stop()
    {
        _queue.Writer.TryComplete();
        _stopping.Cancel();
    }

    /// <summary>Gives up what is not sent yet.</summary>
    internal void Abandon() => _deadline.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _deadline.Dispose();
    }

    // The first event goes out alone if it may be sent at once, so that it is not delayed; later ones are gathered.
    private async Task<List<WorkerEvent>> GatherAsync()
    {
        var wait = _rate.Wait(_clock.GetUtcNow());
        if (wait == TimeSpan.Zero && !_stopping.IsCancellationRequested && _queue.Reader.TryRead(out var first))
            return [first];
        await Task.Delay(wait, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var gathered = _kept;
        _kept = [];
        while (_queue.Reader.TryRead(out var next))
            gathered.Add(next);
        return gathered;
    }

    private async Task TellAsync(List<WorkerEvent> events)
    {
        int lost;
        lock (_gate)
            lost = _lost;
        try
        {
            var answer = await DeliverAsync(NotificationMessage.Of(events, lost, _target.ShowEmails));
            if (answer is null)
                _kept = events;
            else if (answer.Outcome == PostOutcome.Taken)
                Taken(events.Count, lost);
            else
                NotTaken(events, answer.Text);
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested)
        {
            NotTaken(events, "there was no time left");
        }
        catch (Exception unforeseen) when (unforeseen is not OutOfMemoryException)
        {
            // An unforeseen error must not keep the next message from being sent.
            NotificationLog.Unforeseen(_log, _target.Name, events.Count, unforeseen.GetType().Name);
            GiveUp(events);
        }

        _rate.Sent(_clock.GetUtcNow());
    }

    // Null if a stop interrupted it, so that its events go into the last message.
    private async Task<PostAnswer?> DeliverAsync(byte[] message)
    {
        if (_stopping.IsCancellationRequested)
            return await _post.SendAsync(message, _deadline.Token);
        try
        {
            // A stop ends the waits between tries, but lets a request that is under way finish.
            var answer = await _retry.ExecuteAsync(
                static async (state, _) => await state.Post.SendAsync(state.Message, state.Deadline),
                (Post: _post, Message: message, Deadline: _deadline.Token),
                _stopping.Token
            );
            return answer.Outcome == PostOutcome.Later && _stopping.IsCancellationRequested ? null : answer;
        }
        catch (OperationCanceledException) when (!_deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Taken(int count, int lost)
    {
        lock (_gate)
            _lost -= lost;
        NotificationLog.Told(_log, _target.Name, count);
        _delivered?.Invoke(true);
    }

    private void NotTaken(List<WorkerEvent> events, string reason)
    {
        NotificationLog.NotTold(_log, _target.Name, events.Count, reason);
        GiveUp(events);
    }

    private void GiveUp(List<WorkerEvent> events)
    {
        lock (_gate)
        {
            foreach (var untold in events)
                _memory.Forget(untold);
            _lost += events.Count;
        }

        _delivered?.Invoke(false);
    }
}
