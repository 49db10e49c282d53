using System.Collections.Immutable;
using System.CommandLine;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Masking;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary>
/// <c>invitations show</c>: one invitation as its vendor has it. It is looked for among the token's user's own, by the
/// vendor's call for one, and in the projects that manifests declare.
/// </summary>
internal static class InvitationsShow
{
    public static Command Create(CliEnvironment environment)
    {
        var (manifests, output) = (new ManifestOptions(), new OutputOptions(OutputFormat.Text, OutputFormat.Json));
        var provider = new Option<string?>("--provider")
        {
            Description = "The AccessProvider to ask (default: each in turn, until one has the invitation)",
        };
        manifests.OfferProviders(provider, environment);
        var id = new Argument<string>("id") { Description = "The vendor's id of the invitation" };
        var command = new Command(
            "show",
            "Show one invitation as the vendor has it: who invited whom, to what, with which access"
        );
        command.Arguments.Add(id);
        manifests.AddTo(command);
        command.Options.Add(provider);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var around = output.Of(environment, parsed);
                var palette = environment.Palette(output.NoColour(parsed));
                var request = manifests.Read(parsed, environment.Folder);
                var session = new InvitationsSession(
                    around,
                    request,
                    parsed.GetValue(provider),
                    palette,
                    output.Verbose(parsed)
                );
                return RunAsync(
                    session,
                    () => around.Connect(request.SecretsFolder),
                    parsed.GetValue(id)!,
                    found => Print(around, found.Masked(around.Mask), output.Format(parsed), palette),
                    cancellation
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        InvitationsSession session,
        Func<Connections> connect,
        string id,
        Action<ViewedInvitation> print,
        CancellationToken cancellation
    )
    {
        if (session.Load() is not { } resolved)
            return ExitCode.Problems;
        using var connections = connect();
        var (found, failures) = await FindAsync(resolved, session, connections, id, cancellation);
        foreach (var failure in failures)
            session.Fail(failure);
        if (found is null)
            return failures.IsEmpty ? session.Fail(NotFound(id)) : ExitCode.Failed;
        print(found);
        return ExitCode.Done;
    }

    private static void Print(CliEnvironment environment, ViewedInvitation found, string format, Palette palette)
    {
        if (format == OutputFormat.Json)
            environment.Out.WriteLine(InvitationsReport.ToJson(found));
        else
            InvitationsReport.Write(environment.Out, palette, found);
    }

    private static string NotFound(string id) =>
        $"no provider has an invitation {ProblemText.Quote(id)} that its token may see and that still waits; "
        + "reconciler report lists the people who are invited";

    private static async Task<(ViewedInvitation? Found, ImmutableArray<string> Failures)> FindAsync(
        ResolvedManifests resolved,
        InvitationsSession session,
        Connections connections,
        string id,
        CancellationToken cancellation
    )
    {
        var (asked, refusal) = session.Asked(resolved);
        if (refusal is not null)
            return (null, [refusal]);
        var failures = new List<string>();
        foreach (var provider in asked)
        {
            var projects = resolved.Projects.Where(p => p.Provider.Equals(provider) && !p.Suspended);
            foreach (var look in Looks(connections, provider, projects, id, cancellation))
            {
                try
                {
                    if (await look.Find() is { } found)
                        return (found, []);
                }
                catch (ProviderException failure)
                {
                    // One place that cannot be read must not hide an invitation in another.
                    failures.Add($"{look.Place}: {failure.Message}");
                    if (failure.Fault is ProviderFault.Unauthorized or ProviderFault.Configuration)
                        break;
                }
            }
        }

        return (null, [.. failures.Distinct(StringComparer.Ordinal)]);
    }

    private static IEnumerable<Look> Looks(
        Connections connections,
        DesiredProvider provider,
        IEnumerable<DesiredProject> projects,
        string id,
        CancellationToken cancellation
    )
    {
        if (provider.Vendor.Capabilities.OwnInvitations)
        {
            yield return new(
                provider.Name,
                async () =>
                    connections.Of(provider).OwnInvitations is { } calls
                    && await calls.FindAsync(id, cancellation) is { } own
                        ? new ViewedInvitation(provider.Id, own) { IsOwn = true }
                        : null
            );
            yield return new(
                provider.Name,
                async () =>
                    connections.Of(provider).OwnInvitations is { } calls
                    && await calls.ViewAsync(id, cancellation) is { } viewed
                        ? new ViewedInvitation(provider.Id, viewed)
                        : null
            );
        }

        foreach (var project in projects)
        {
            yield return new(
                $"{provider.Name}: {TextNames.Short(project.Id)}",
                () => InAsync(connections.Of(provider), project, id, cancellation)
            );
        }
    }

    private static async Task<ViewedInvitation?> InAsync(
        ProviderConnection connection,
        DesiredProject project,
        string id,
        CancellationToken cancellation
    )
    {
        var live = await connection.Reader.ReadAsync(project, cancellation);
        var found = live.Invitations.FirstOrDefault(i => string.Equals(i.Id, id, StringComparison.OrdinalIgnoreCase));
        return found is null ? null : await OfAsync(connection, project, live, found, cancellation);
    }

    private static async Task<ViewedInvitation> OfAsync(
        ProviderConnection connection,
        DesiredProject project,
        LiveProject live,
        LiveInvitation found,
        CancellationToken cancellation
    )
    {
        var meanings = await MeaningsAsync(connection, project, cancellation);
        return new(
            project.Provider.Id,
            new(found.Id, found.Email, found.Access, found.CreatedAt)
            {
                Projects = [new(project.ProjectId, live.Name ?? TextNames.Short(project.Id))],
                InvitedBy = found.InvitedBy,
            }
        )
        {
            State = found.State,
            Name = found.Name,
            Meanings =
            [
                .. meanings.Where(m =>
                    m.IsKnown && found.Access.Grants.Any(g => g.Field == m.Field && g.Word == m.Word)
                ),
            ],
        };
    }

    // What a vendor does not tell is missing, and fails nothing.
    private static async Task<ImmutableArray<GrantMeaning>> MeaningsAsync(
        ProviderConnection connection,
        DesiredProject project,
        CancellationToken cancellation
    )
    {
        try
        {
            return connection.Meanings is { } known ? await known.ReadAsync(project.ProjectId, cancellation) : [];
        }
        catch (ProviderException)
        {
            return [];
        }
    }

    /// <summary>One way to find the invitation.</summary>
    /// <param name="Place">The provider, and the project where one is read.</param>
    /// <param name="Find">Asks the vendor.</param>
    private sealed record Look(string Place, Func<Task<ViewedInvitation?>> Find);
}
