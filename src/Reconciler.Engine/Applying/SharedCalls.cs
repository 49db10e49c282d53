using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Combines calls of several projects of one provider, so that a person gets one mail: an invitation to all of the
/// projects where the manifest sets <c>combineInvitations: true</c>, and a reminder of such an invitation. The first
/// project sends; the others wait for the same answer and interpret it for themselves. Retries, and calls that the
/// vendor refused for all projects together, are sent by each project alone.
/// </summary>
internal sealed class SharedCalls
{
    private readonly ConcurrentDictionary<PlannedAction, SharedCall> _calls = new(ReferenceEqualityComparer.Instance);

    private SharedCalls() { }

    /// <summary>Finds the calls that the plans of one provider can share.</summary>
    public static SharedCalls Of(DesiredProvider provider, IReadOnlyList<ProjectPlan> plans)
    {
        var shared = new SharedCalls();
        var scopes = new ScopeReader();
        var parts = plans
            .SelectMany(plan => plan.Applicable.Select(action => new SharedPart(plan.Project, action)))
            .ToList();
        foreach (
            var reminders in parts
                .Where(p => p.Action is { Kind: ActionKind.Resend, Invitation.NamesOtherProjects: true })
                .GroupBy(p => p.Action.Invitation!.Id, StringComparer.Ordinal)
        )
        {
            shared.Add([.. reminders], all => new ReminderCall(all));
        }

        if (provider.Spec.CombineInvitations != true)
            return shared;
        foreach (
            var invitations in parts
                .Where(p => p.Action.Kind == ActionKind.Invite)
                .GroupBy(p => (EmailAddress.KeyOf(p.Action.Email), p.Action.Access!.Grants, p.Action.Message))
        )
        {
            shared.Add([.. invitations], all => new InvitationCall(all, scopes));
        }

        return shared;
    }

    /// <summary>Wraps a writer so that shared calls are sent once.</summary>
    public IProjectWriter Wrap(IProjectWriter writer) => _calls.IsEmpty ? writer : new SharingWriter(this, writer);

    private void Add(ImmutableArray<SharedPart> parts, Func<ImmutableArray<SharedPart>, SharedCall> make)
    {
        if (parts.Length < 2)
            return;
        var call = make(parts);
        foreach (var part in parts)
            _calls[part.Action] = call;
    }

    private sealed class SharingWriter(SharedCalls shared, IProjectWriter writer) : IProjectWriter
    {
        // An action that is sent a second time was checked by reading in between, so it concerns this project alone.
        public Task<WriteResult> ApplyAsync(
            DesiredProject project,
            IReadOnlyList<PlannedAction> actions,
            CancellationToken cancellation
        ) =>
            actions is [var action] && shared._calls.TryRemove(action, out var call)
                ? call.JoinAsync(new(project, action), writer, cancellation)
                : writer.ApplyAsync(project, actions, cancellation);
    }
}

/// <summary>One project's part in a shared call.</summary>
internal sealed record SharedPart(DesiredProject Project, PlannedAction Action);

/// <summary>A call that several projects share.</summary>
internal abstract class SharedCall
{
    /// <summary>Sends for all projects, or waits for the project that sends.</summary>
    public abstract Task<WriteResult> JoinAsync(SharedPart part, IProjectWriter writer, CancellationToken cancellation);

    protected static Task<WriteResult> AloneAsync(
        SharedPart part,
        IProjectWriter writer,
        CancellationToken cancellation
    ) => writer.ApplyAsync(part.Project, [part.Action], cancellation);
}

/// <summary>A reminder of one invitation that names several projects.</summary>
internal sealed class ReminderCall(ImmutableArray<SharedPart> parts) : SharedCall
{
    private readonly Lock _gate = new();
    private Task<WriteResult>? _sent;

    public override Task<WriteResult> JoinAsync(SharedPart part, IProjectWriter writer, CancellationToken cancellation)
    {
        lock (_gate)
            return _sent ??= AloneAsync(parts[0], writer, cancellation);
    }
}

/// <summary>One invitation to several projects, as far as the vendor lets them share it.</summary>
internal sealed class InvitationCall(ImmutableArray<SharedPart> parts, ScopeReader scopes) : SharedCall
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<WriteResult>> _sent = new(StringComparer.Ordinal);
    private Task<string?[]>? _scopes;

    public override async Task<WriteResult> JoinAsync(
        SharedPart part,
        IProjectWriter writer,
        CancellationToken cancellation
    )
    {
        if (writer is not ICombinedInvitations combined)
            return await AloneAsync(part, writer, cancellation);
        Task<string?[]> reading;
        lock (_gate)
            reading = _scopes ??= Task.WhenAll(parts.Select(p => scopes.OfAsync(p.Project, combined, cancellation)));
        var found = await reading;
        var scope = found[parts.Select(p => p.Project.Id).ToList().IndexOf(part.Project.Id)];
        var projects = parts
            .Where((_, i) => scope is not null && found[i] == scope)
            .Select(p => p.Project)
            .ToImmutableArray();
        if (projects.Length < 2)
            return await AloneAsync(part, writer, cancellation);
        try
        {
            Task<WriteResult> sent;
            lock (_gate)
                sent = _sent.TryGetValue(scope!, out var known)
                    ? known
                    : _sent[scope!] = combined.InviteAsync(scope!, projects, part.Action, cancellation);
            return await sent;
        }
        catch (ProviderException refusal)
            when (refusal.Fault is ProviderFault.Refused or ProviderFault.Forbidden or ProviderFault.NotFound)
        {
            // Nothing was sent, and one of the projects may be the reason, so each project is tried alone.
            return await AloneAsync(part, writer, cancellation);
        }
    }
}

/// <summary>
/// Reads once for each project the scope that projects must have in common; null where it cannot be read, and the
/// project sends alone.
/// </summary>
internal sealed class ScopeReader
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _read = new(StringComparer.Ordinal);

    public Task<string?> OfAsync(
        DesiredProject project,
        ICombinedInvitations combined,
        CancellationToken cancellation
    ) => _read.GetOrAdd(project.Id, _ => new(() => ReadAsync(project, combined, cancellation))).Value;

    // A scope that could not be read is read again for the next invitation.
    private async Task<string?> ReadAsync(
        DesiredProject project,
        ICombinedInvitations combined,
        CancellationToken cancellation
    )
    {
        try
        {
            return await combined.ScopeAsync(project, cancellation);
        }
        catch (ProviderException)
        {
            _read.TryRemove(project.Id, out _);
            return null;
        }
    }
}
