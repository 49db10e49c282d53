using System.Collections.Immutable;
using System.Text;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Described;
using Reconciler.Providers.Http;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Providers.Tests.Fuzzing;

/// <summary>Answers of vendors: to a reading of a project or a list, and what their headers say.</summary>
public static class ProvidersTargets
{
    private const string Token = "t0ken-of-a-fuzzer-0123456789";

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri Url = new("http://127.0.0.1:1/");

    public static IReadOnlyList<FuzzTarget> All { get; } = [new("answers", AnswersAsync), new("headers", HeadersAsync)];

    // The first line names the vendor, and what is read: nothing for a project, list, meanings or invitations.
    private static async Task AnswersAsync(byte[] input)
    {
        var parts = Encoding.Latin1.GetString(input).Split("\n---\n");
        var words = parts[0].Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var types = ProgramVendors.All.Types.ToList();
        var vendor = ProgramVendors.Of(
            types.Find(t => t == words.FirstOrDefault()) ?? types[input.Length % types.Count]
        );
        var clock = new InstantClock();
        using var connection = ProviderCatalog.Connect(
            vendor,
            new(Url, _ => ValueTask.FromResult(Token))
            {
                Clock = clock,
                Around = _ => new FuzzedAnswers([.. parts.Skip(1)], Url),
            }
        );
        try
        {
            await ReadAsync(connection, vendor, words.Skip(1).FirstOrDefault());
        }
        catch (ProviderException refused)
        {
            Hold(refused.Message.Length is > 0 and < 4_000, "the message is empty or endless");
            Hold(!refused.Message.Contains(Token, StringComparison.Ordinal), "the message shows the token");
            Hold(refused.RetryAfter is null || refused.RetryAfter > TimeSpan.Zero, "a wait of no time");
        }

        // A vendor may make a run wait, but not for ever.
        Hold(clock.GetUtcNow() - Now < TimeSpan.FromDays(2), $"it waited until {clock.GetUtcNow()}");
    }

    private static async Task ReadAsync(ProviderConnection connection, Vendor vendor, string? what)
    {
        var id = vendor.ProjectIds.MinParts > 1 ? "acme/site" : "3c90c3cc-0d44-4b50-8888-8dd25736052a";
        if (what == "list" && connection.Directory is { } directory)
            Hold((await directory.ListAsync(default)).All(p => p.Id.Length > 0), "a project has no id");
        else if (what == "meanings" && connection.Meanings is { } meanings)
            _ = await meanings.ReadAsync(id, default);
        else if (what == "invitations" && connection.OwnInvitations is { } invitations)
            Hold((await invitations.ListAsync(default)).All(i => i.Id.Length > 0), "an invitation has no id");
        else
            Check(
                await connection.Reader.ReadAsync(
                    new("default/a", new("default/a", vendor, Url, null!), id, []),
                    default
                )
            );
    }

    // What the planner takes for granted of a project.
    private static void Check(LiveProject live)
    {
        Hold(live.Members.All(m => m is { MembershipId.Length: > 0, Email: not null }), "a member has no id");
        Hold(live.Invitations.All(i => i is { Id.Length: > 0, Email: not null }), "an invitation has no id");
        Hold(live.Members.DistinctBy(m => m.MembershipId).Count() == live.Members.Length, "a member is there twice");
        Hold(live.Invitations.DistinctBy(i => i.Id).Count() == live.Invitations.Length, "an invitation is there twice");
        foreach (var text in live.Members.SelectMany(m => new[] { m.MembershipId, m.PersonId, m.Email, m.Name }))
            Hold(text?.Contains(Token, StringComparison.Ordinal) is not true, "the token is taken for something else");
    }

    // Each line is a header of an answer with the status of the first line.
    private static Task HeadersAsync(byte[] input)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n');
        using var response = FuzzedAnswers.Response($"{lines[0]}|{string.Join('|', lines.Skip(1))}", "{}"u8.ToArray());
        var attempt = Attempt.Of(response, "{}"u8.ToArray(), Token, Now);
        Hold(attempt.RetryAfter is null || attempt.RetryAfter > TimeSpan.Zero, "a wait of no time");
        Hold(attempt.Text.Length is > 0 and < 4_000, "the message is empty or endless");
        if (attempt.Limit is { } limit)
            Hold(limit.Remaining >= 0 && limit.Reset > Now.AddSeconds(-1) || limit.Reset < Now, "a limit is no limit");
        foreach (var link in LinkHeader.Parse(attempt.Links.IsDefault ? [] : attempt.Links))
            Hold(!link.Target.Contains('>', StringComparison.Ordinal), "a link leads beyond its end");
        return Task.CompletedTask;
    }
}
