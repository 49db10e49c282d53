using System.Text.Json.Nodes;
using k8s.Models;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Events;

/// <summary>Writes events, and combines repeated ones to series.</summary>
internal sealed class EventWriter(ClusterClient client, EventOptions options, TimeProvider clock)
{
    private const int Attempts = 3;
    private const int LongestPrefix = 200;
    private static readonly ResourceType<Eventsv1Event> Events = new(
        Eventsv1Event.KubeGroup,
        Eventsv1Event.KubeApiVersion,
        Eventsv1Event.KubePluralName,
        Eventsv1Event.KubeKind
    );

    private static readonly TimeSpan SeriesEnd = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // The note is part of the identity of an event: "invited Ana" and "invited Bob" are different events.
    private const int MostSeries = 1_024;
    private readonly Dictionary<Happening, Series> _series = [];
    private Series? _begun;

    public async Task WriteAsync(Happening happening, DateTimeOffset at, CancellationToken cancellation)
    {
        // The version of the object says when, not what, so it is not part of the identity.
        var same = happening with
        {
            Regarding = happening.Regarding with { ResourceVersion = null },
        };
        if (_series.TryGetValue(same, out var series) && at - series.Last < SeriesEnd)
        {
            (series.Count, series.Last) = (series.Count + 1, at);
            if (series.Count == 2)
                await BeginSeriesAsync(series, cancellation);
            return;
        }

        if (series is not null)
            await ExtendAsync(series, cancellation);
        // A write that was cancelled may have succeeded, so it is repeated with the same name.
        if (_begun?.Event.EventTime != at.UtcDateTime || !ReferenceEquals(_begun.Of, happening))
            _begun = new(Event(happening, at), at) { Of = happening };
        var begun = _begun;
        if (await TryAsync(token => CreateAsync(begun.Event, token), cancellation))
            Remember(same, begun);
    }

    /// <summary>Writes the counts that have waited for this long, and forgets series that have ended.</summary>
    public async Task FlushAsync(TimeSpan age, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var (happening, series) in _series.ToList())
        {
            if (now - series.WrittenAt >= age)
                await ExtendAsync(series, cancellation);
            if (now - series.Last >= SeriesEnd)
                _series.Remove(happening);
        }
    }

    private async Task BeginSeriesAsync(Series series, CancellationToken cancellation)
    {
        try
        {
            await ExtendAsync(series, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The event is already counted in its series, and the count is written when the recorder stops.
        }
    }

    // Thousands of different events in a minute are not repetitions, so the older half of the series without unwritten
    // counts is forgotten.
    private void Remember(Happening same, Series series)
    {
        if (_series.Count >= MostSeries)
        {
            var written = _series.Where(s => s.Value.Count == s.Value.Written).OrderBy(s => s.Value.Last);
            foreach (var (old, _) in written.Take(MostSeries / 2).ToList())
                _series.Remove(old);
        }

        _series[same] = series;
    }

    private async Task ExtendAsync(Series series, CancellationToken cancellation)
    {
        if (series.Count == series.Written)
            return;
        var patch = new JsonObject
        {
            ["series"] = new JsonObject
            {
                ["count"] = series.Count,
                ["lastObservedTime"] = MicroTime.Format(series.Last),
            },
        };
        var key = ObjectKey.Of(series.Event.Metadata);
        if (await TryAsync(token => client.MergePatchAsync(Events, key, patch, null, token), cancellation, series))
            (series.Written, series.WrittenAt) = (series.Count, clock.GetUtcNow());
    }

    private Task<Eventsv1Event> CreateAsync(Eventsv1Event one, CancellationToken cancellation) =>
        client.CreateAsync(Events, one.Metadata.NamespaceProperty, one, cancellation);

    private async Task<bool> TryAsync(
        Func<CancellationToken, Task<Eventsv1Event>> write,
        CancellationToken cancellation,
        Series? series = null
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await write(cancellation);
                return true;
            }
            // The server deletes events after about an hour; the series continues in a new one.
            catch (KubernetesException failed) when (failed.IsNotFound && series is not null)
            {
                series.Event = series.Event with
                {
                    Metadata = Named(series.Event.Regarding),
                    Series = new() { Count = series.Count, LastObservedTime = series.Last.UtcDateTime },
                };
                return await TryAsync(token => CreateAsync(series.Event, token), cancellation);
            }
            // The event was created earlier, and the answer was lost.
            catch (KubernetesException failed) when (failed.IsAlreadyExists)
            {
                return true;
            }
            catch (KubernetesException failed)
                when (attempt < Attempts && (failed.IsUnanswered || failed.IsTooManyRequests || failed.Code >= 500))
            {
                var wait = failed.RetryAfter is { } asked && asked < Attempts * Pause ? asked : attempt * Pause;
                await Task.Delay(wait, clock, cancellation);
            }
            catch (KubernetesException failed)
            {
                options.Failed?.Invoke(failed);
                return false;
            }
        }
    }

    private Eventsv1Event Event(Happening happening, DateTimeOffset at) =>
        new()
        {
            ApiVersion = Events.ApiVersion,
            Kind = Events.Kind,
            Metadata = Named(happening.Regarding),
            EventTime = at.UtcDateTime,
            ReportingController = EventText.Cut(options.Controller, EventText.Word),
            ReportingInstance = EventText.Cut(options.Instance, EventText.Word),
            Action = EventText.Cut(happening.Action, EventText.Word),
            Reason = EventText.Cut(happening.Reason, EventText.Word),
            Regarding = happening.Regarding,
            Note = EventText.Cut(happening.Note, EventText.Note),
            Type = happening.Type.ToString(),
        };

    private static V1ObjectMeta Named(V1ObjectReference regarding)
    {
        var name = regarding.Name;
        var prefix = name.Length <= LongestPrefix ? name : name[..LongestPrefix].TrimEnd('.', '-');
        return new()
        {
            Name = $"{prefix}.{Guid.NewGuid():N}",
            // Of what belongs to no namespace, servers before 1.21 take events in this one alone, newer ones too.
            NamespaceProperty = regarding.NamespaceProperty ?? "kube-system",
        };
    }

    private sealed class Series(Eventsv1Event first, DateTimeOffset at)
    {
        public Eventsv1Event Event { get; set; } = first;

        public Happening? Of { get; init; }

        public int Count { get; set; } = 1;

        public int Written { get; set; } = 1;

        public DateTimeOffset Last { get; set; } = at;

        public DateTimeOffset WrittenAt { get; set; } = at;
    }
}
