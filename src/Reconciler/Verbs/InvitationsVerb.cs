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
            "Show invitations as the vendor has them, and answer those of the token's user"
        );
        command.Subcommands.Add(List(environment));
        command.Subcommands.Add(InvitationsShow.Create(environment));
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
        manifests.OfferProviders(provider, environment);
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
                var session = new InvitationsSession(
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
        manifests.OfferProviders(provider, environment);
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
                var session = new InvitationsSession(
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
}
