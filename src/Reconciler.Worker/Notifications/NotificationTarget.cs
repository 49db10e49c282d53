using System.Collections.Immutable;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker.Notifications;

/// <summary>Somebody who is told.</summary>
/// <param name="Name">What logs call it, since its URL is a secret: <c>notifications[0]</c>.</param>
/// <param name="ShowEmails">Whether addresses stand in the messages as they are.</param>
public sealed record NotificationTarget(string Name, bool ShowEmails = false)
{
    /// <summary>The URL; null where a file holds it.</summary>
    public string? Url { get; init; }

    /// <summary>The file with the URL, read for each request, so that a renewed one counts at once.</summary>
    internal string? UrlFile { get; init; }

    /// <summary>What it is told; empty for everything.</summary>
    internal ImmutableArray<WorkerEventKind> Events { get; init; } = [];

    /// <summary>The targets of a worker's settings.</summary>
    internal static ImmutableArray<NotificationTarget> Of(IEnumerable<NotificationSection> sections) =>
        [
            .. sections.Select(
                (section, i) =>
                    new NotificationTarget($"notifications[{i}]", section.ShowEmails ?? false)
                    {
                        Url = section.Url,
                        UrlFile = section.UrlFile,
                        Events = [.. section.Events ?? []],
                    }
            ),
        ];

    /// <summary>Whether it is told about events of this kind.</summary>
    internal bool Wants(WorkerEventKind kind) => Events.IsEmpty || Events.Contains(kind);

    // A record would print its URL.
    /// <inheritdoc/>
    public override string ToString() => Name;
}
