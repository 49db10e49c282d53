using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Calls that several projects of one provider share, so that a person gets one mail: an invitation that names all of
/// them, where the provider's manifest says <c>combineInvitations: true</c>, and the reminder of such an invitation,
/// whichever projects ask for it. The first project that gets there sends; the others wait for the same answer, and
/// each judges it for itself. What is tried again, and what the vendor refused for all of them together, is tried by
/// each project alone.
/// </summary>
internal sealed class SharedCalls
{
    private readonly ConcurrentDictionary<PlannedAction, SharedCall> _calls = new(ReferenceEqualityComparer.Instance);

    private SharedCalls() { }

    /// <summary>Finds what the plans of one provider share.</summary>
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

    /// <summary>A writer that sends what is shared once.</summary>
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
        // An action that comes back a second time was settled by reading, and is this project's alone by then.
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

/// <summary>One project's share in a call.</summary>
internal sealed record SharedPart(DesiredProject Project, PlannedAction Action);

/// <summary>A call that several projects share.</summary>
internal abstract class SharedCall
{
    /// <summary>Sends for all, or waits for whoever does.</summary>
    public abstract Task<WriteResult> JoinAsync(SharedPart part, IProjectWriter writer, CancellationToken cancellation);

    protected static Task<WriteResult> AloneAsync(
        SharedPart part,
        IProjectWriter writer,
        CancellationToken cancellation
    ) => writer.ApplyAsync(part.Project, [part.Action], cancellation);
}

/// <summary>One mail again for an invitation that names several projects.</summary>
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

/// <summary>One invitation for several projects, as far as they share what the vendor wants them to share.</summary>
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
            // Nothing was sent, and one project may be the reason: it must fail alone.
            return await AloneAsync(part, writer, cancellation);
        }
    }
}

/// <summary>
/// Reads once a project what it must share with others; null where that cannot be read, and the project goes alone.
/// </summary>
internal sealed class ScopeReader
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _read = new(StringComparer.Ordinal);

    public Task<string?> OfAsync(
        DesiredProject project,
        ICombinedInvitations combined,
        CancellationToken cancellation
    ) => _read.GetOrAdd(project.Id, _ => new(() => ReadAsync(project, combined, cancellation))).Value;

    // What could not be read is asked for again by the next invitation.
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
