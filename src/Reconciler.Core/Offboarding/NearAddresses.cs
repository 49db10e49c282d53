using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Offboarding;

/// <summary>
/// Suggests addresses and logins that may have been meant: similar ones, or the same name at another domain.
/// </summary>
public static class NearAddresses
{
    private const int Most = 3;

    /// <summary>Returns the most similar known addresses, the best first; at most three.</summary>
    /// <param name="email">The address that was written.</param>
    /// <param name="known">The addresses that are known, in any order and number.</param>
    public static ImmutableArray<string> Of(EmailAddress email, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(email);
        ArgumentNullException.ThrowIfNull(known);
        var (local, domain) = Parts(email.Key);
        var limit = LimitOf(local);
        return Nearest(
            email.Key,
            known.Where(k => k.Contains('@', StringComparison.Ordinal)),
            k => Distance(local, domain, k, limit),
            limit
        );
    }

    /// <summary>Returns the most similar known logins, the best first; at most three.</summary>
    /// <param name="login">The login that was written.</param>
    /// <param name="known">The logins and addresses that are known, in any order and number.</param>
    public static ImmutableArray<string> Of(Login login, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(login);
        ArgumentNullException.ThrowIfNull(known);
        var limit = LimitOf(login.Key);
        return Nearest(login.Key, known.Where(Login.IsUsable), k => Distance(login.Key, k, limit), limit);
    }

    /// <summary>Lists every address and login in the manifests.</summary>
    /// <param name="manifests">The manifests.</param>
    public static IEnumerable<string> In(ManifestSet manifests)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var members = manifests.All<ProjectMembership>().SelectMany(p => p.Spec.Members ?? []).ToList();
        var teams = manifests.All<Team>().SelectMany(t => t.Spec.Members).ToList();
        var persons = manifests.All<Person>().SelectMany(p => (p.Spec.Aliases ?? []).Prepend(p.Spec.Email));
        var actors = manifests.All<AccessProvider>().Select(p => p.Spec.ActingAs);
        var guarded = manifests.All<Guardrail>().SelectMany(g => g.Spec.Protected ?? []);
        var logins = members
            .Select(m => m.Login)
            .Concat(teams.Select(m => m.Login))
            .Concat(manifests.All<Person>().SelectMany(p => p.Spec.Logins?.Values ?? []));
        return members
            .Select(m => m.Email)
            .Concat(teams.Select(m => m.Email))
            .Concat(persons)
            .Concat(actors)
            .Concat(guarded)
            .OfType<EmailAddress>()
            .Select(e => e.Text)
            .Concat(logins.OfType<Login>().Select(l => l.Text));
    }

    private static int LimitOf(string name) => Math.Max(1, name.Length / 3);

    private static ImmutableArray<string> Nearest(
        string key,
        IEnumerable<string> known,
        Func<string, int> distance,
        int limit
    ) =>
        [
            .. known
                .Select(EmailAddress.KeyOf)
                .Distinct(StringComparer.Ordinal)
                .Where(k => k != key)
                .Select(k => (Key: k, Distance: distance(k)))
                .Where(k => k.Distance <= limit)
                .OrderBy(k => k.Distance)
                .ThenBy(k => k.Key, StringComparer.Ordinal)
                .Take(Most)
                .Select(k => k.Key),
        ];

    // The same name at another domain counts as one edit, whatever the domains are.
    private static int Distance(string local, string domain, string other, int limit)
    {
        var (theirs, at) = Parts(other);
        return Distance(local, theirs, limit) + (at == domain ? 0 : 1);
    }

    // Names of very different lengths are not compared: whatever they hold, they are over the limit.
    private static int Distance(string name, string other, int limit) =>
        Math.Abs(other.Length - name.Length) > limit ? limit + 1 : ProblemText.Distance(name, other);

    private static (string Local, string Domain) Parts(string key)
    {
        var at = key.LastIndexOf('@');
        return (key[..at], key[(at + 1)..]);
    }
}
