using System.Collections.Immutable;
using Reconciler.Testing.Hosts.Crashes;

namespace Reconciler.Tests.Crashes;

/// <summary>What an apply of a scene does that nobody disturbs: every other way there must end the same.</summary>
/// <param name="Actions">How many actions it takes.</param>
/// <param name="Requests">How many requests each connection gets.</param>
/// <param name="People">Who has which access, or is invited to it, afterwards.</param>
/// <param name="Mails">How many mails each person got.</param>
internal sealed record Undisturbed(
    int Actions,
    ImmutableSortedDictionary<string, int> Requests,
    ImmutableArray<string> People,
    ImmutableSortedDictionary<string, int> Mails
)
{
    private static readonly Lazy<Task<Undisturbed>> Applied = new(ApplyAsync);

    /// <summary>It, applied once for all tests.</summary>
    public static Task<Undisturbed> Async() => Applied.Value;

    /// <summary>What is not as after an apply that nobody disturbed.</summary>
    public async Task<List<string>> DifferencesAsync(CrashScene scene)
    {
        var wrong = new List<string>();
        if (await scene.OpenIntentsAsync() is > 0 and var open)
            wrong.Add($"{open} writes are open");
        var (code, said) = await scene.RunAsync(["plan", "--detailed-exitcode"]);
        if (code != ExitCode.Done)
            wrong.Add($"the plan after it: exit {code}\n{said}");
        await scene.AcceptAsync();
        var people = scene.People();
        wrong.AddRange(People.Except(people).Select(p => $"is missing: {p}"));
        wrong.AddRange(people.Except(People).Select(p => $"should not be there: {p}"));
        if (people.Length != People.Length)
            wrong.Add("somebody is there twice");
        wrong.AddRange(
            scene
                .Mails()
                .Where(m => !IsRight(m.Key, m.Value))
                .Select(m => $"{m.Key} got {m.Value} mails, expected {Mails[m.Key]}")
        );
        return wrong;
    }

    private static async Task<Undisturbed> ApplyAsync()
    {
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        _ = scene.Gate.StopAt(null);
        var (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        var requests = scene.Gate.Counts;
        var actions = said.Split('\n').Count(l => l.StartsWith('[') && l.EndsWith(" done", StringComparison.Ordinal));
        Assert.True(actions == 40, said);
        await scene.AcceptAsync();
        var applied = new Undisturbed(actions, requests, scene.People(), scene.Mails());
        Assert.All(
            applied.Mails,
            m =>
                Assert.True(
                    m.Value == 1 || (m.Value == 0 && !m.Key.Contains("invite-", StringComparison.Ordinal)),
                    $"{m}"
                )
        );
        return applied;
    }

    // A reminder that may have been sent counts as sent: none is better than two.
    private bool IsRight(string person, int mails) =>
        mails == Mails[person] || (mails < Mails[person] && person.Contains("remind-", StringComparison.Ordinal));
}
