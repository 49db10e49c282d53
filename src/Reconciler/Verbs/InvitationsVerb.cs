using System.CommandLine;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary><c>invitations</c>: what the user of a provider's token was invited to, and their answer to it.</summary>
internal static class InvitationsVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var command = new Command(
            "invitations",
            "Show and answer the invitations of the person whose token a provider has"
        );
        command.Subcommands.Add(List(environment));
        command.Subcommands.Add(
            Answer(
                environment,
                new("accept", "accepted", "Accept"),
                (own, found, cancellation) => own.AcceptAsync(found, cancellation)
            )
        );
        command.Subcommands.Add(
            Answer(
                environment,
                new("decline", "declined", "Decline"),
                (own, found, cancellation) => own.DeclineAsync(found, cancellation)
            )
        );
        return command;
    }

    private static Command List(CliEnvironment environment)
    {
        var (manifests, provider, output) = (
            new ManifestOptions(),
            ProviderOption(),
            new OutputOptions("text", "json")
        );
        var organization = new Option<string?>("--organization")
        {
            Description =
                "The vendor's id of an organization: list the invitations to it and its projects, whomever "
                + "they went to",
        };
        var command = new Command("list", "List the invitations that wait for an answer");
        manifests.AddTo(command);
        command.Options.Add(provider);
        command.Options.Add(organization);
        output.AddWithLogTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new Session(
                    output.Of(environment, parsed),
                    manifests.Read(parsed, environment.Folder),
                    parsed.GetValue(provider),
                    environment.Palette(output.NoColour(parsed)),
                    output.Verbose(parsed)
                );
                return session.RunAsync(
                    async (name, own) =>
                    {
                        var found = parsed.GetValue(organization) is { } id
                            ? await own.ListOrganizationAsync(id, cancellation)
                            : await own.ListAsync(cancellation);
                        if (output.Format(parsed) == "json")
                            await environment.Out.WriteLineAsync(InvitationsReport.ToJson(name, found));
                        else
                            InvitationsReport.Write(environment.Out, session.Palette, found);
                        return ExitCode.Done;
                    }
                );
            }
        );
        return command;
    }

    private static string NotFound(string provider, string id) =>
        $"{TextNames.Short(provider)} has no invitation {ProblemText.Quote(id)} for the user of its token; "
        + "reconciler invitations list shows those there are";

    private static Command Answer(
        CliEnvironment environment,
        Wording wording,
        Func<IOwnInvitations, PersonalInvitation, CancellationToken, Task> send
    )
    {
        var (manifests, provider, output) = (new ManifestOptions(), ProviderOption(), new OutputOptions("text"));
        var id = new Argument<string>("id") { Description = "The vendor's id of the invitation, as list shows it" };
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = $"{wording.Imperative} without asking; needed where nobody can be asked",
        };
        var command = new Command(wording.Verb, $"{wording.Imperative} an invitation that came to the token's user");
        command.Arguments.Add(id);
        manifests.AddTo(command);
        command.Options.Add(provider);
        command.Options.Add(yes);
        output.AddWithLogTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var session = new Session(
                    output.Of(environment, parsed),
                    manifests.Read(parsed, environment.Folder),
                    parsed.GetValue(provider),
                    environment.Palette(output.NoColour(parsed)),
                    output.Verbose(parsed)
                );
                return session.RunAsync(
                    async (name, own) =>
                    {
                        if (await own.FindAsync(parsed.GetValue(id)!, cancellation) is not { } found)
                            return session.Fail(NotFound(name, parsed.GetValue(id)!));
                        InvitationsReport.Write(environment.Out, session.Palette, found);
                        var agreed =
                            parsed.GetValue(yes)
                            || await Confirmation.AskAsync(
                                environment,
                                wording.Verb,
                                wording.Done,
                                $"{wording.Imperative} this invitation?",
                                cancellation
                            );
                        if (!agreed)
                            return ExitCode.Failed;
                        await send(own, found, cancellation);
                        await environment.Out.WriteLineAsync($"The invitation is {wording.Done}.");
                        return ExitCode.Done;
                    }
                );
            }
        );
        return command;
    }

    private static Option<string?> ProviderOption() =>
        new("--provider")
        {
            Description = "The AccessProvider whose token counts; needed where several could be meant",
        };

    private sealed record Wording(string Verb, string Done, string Imperative);

    /// <summary>One run of the verb: manifests read, a connection chosen, failures told.</summary>
    private sealed class Session(
        CliEnvironment environment,
        ManifestRequest request,
        string? provider,
        Palette palette,
        bool verbose
    )
    {
        public Palette Palette => palette;

        public async Task<int> RunAsync(Func<string, IOwnInvitations, Task<int>> act)
        {
            if (new PlanSession(environment, request, "text", palette, verbose).Load() is not { } resolved)
                return ExitCode.Problems;
            if (Choose(resolved, out var chosen) is { } refusal)
                return Fail(refusal);
            using var connections = environment.Connect(request.SecretsFolder);
            try
            {
                var own = connections.Of(chosen!).OwnInvitations;
                return own is null ? Fail(HasNone(chosen!)) : await act(chosen!.Id, own);
            }
            catch (ProviderException failure)
            {
                return Fail($"{chosen!.Name}: {failure.Message}");
            }
        }

        public int Fail(string message)
        {
            environment.Error.WriteLine($"{palette.Alarm("error:")} {TerminalText.Escape(message)}");
            return ExitCode.Failed;
        }

        private string? Choose(ResolvedManifests resolved, out DesiredProvider? chosen)
        {
            var able = resolved.Connections.Where(c => c.Vendor.Capabilities.OwnInvitations).ToList();
            var meant = provider is null
                ? able
                : [.. resolved.Connections.Where(c => c.Name == provider || c.Id == provider)];
            chosen = meant.Count == 1 ? meant[0] : null;
            if (chosen is not null)
                return chosen.Vendor.Capabilities.OwnInvitations ? null : HasNone(chosen);
            var names = able.Select(c => c.Id).Select(TextNames.Short).ToList();
            if (provider is not null && meant.Count == 0)
                return $"no AccessProvider is named {ProblemText.Quote(provider)}"
                    + ProblemText.DidYouMean(provider, names);
            return names.Count == 0
                ? "no AccessProvider is of a vendor that lists the invitations of its token's user"
                : $"several providers could be meant; choose one with --provider: {string.Join(", ", names)}";
        }

        private static string HasNone(DesiredProvider chosen) =>
            $"{chosen.Name}: {chosen.Vendor.Name} has no list of the invitations of its token's user";
    }
}
