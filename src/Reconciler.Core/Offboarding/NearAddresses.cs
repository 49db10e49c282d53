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
        var limit = Math.Max(1, local.Length / 3);
        return
        [
            .. known
                .Where(k => k.Contains('@', StringComparison.Ordinal))
                .Select(EmailAddress.KeyOf)
                .Distinct(StringComparer.Ordinal)
                .Where(k => k != email.Key)
                .Select(k => (Address: k, Distance: Distance(local, domain, k, limit)))
                .Where(k => k.Distance <= limit)
                .OrderBy(k => k.Distance)
                .ThenBy(k => k.Address, StringComparer.Ordinal)
                .Take(Most)
                .Select(k => k.Address),
        ];
    }

    /// <summary>Returns the most similar known logins, the best first; at most three.</summary>
    /// <param name="login">The login that was written.</param>
    /// <param name="known">The logins and addresses that are known, in any order and number.</param>
    public static ImmutableArray<string> Of(Login login, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(login);
        ArgumentNullException.ThrowIfNull(known);
        var limit = Math.Max(1, login.Key.Length / 3);
        return
        [
            .. known
                .Where(Login.IsUsable)
                .Select(EmailAddress.KeyOf)
                .Distinct(StringComparer.Ordinal)
                .Where(k => k != login.Key && Math.Abs(k.Length - login.Key.Length) <= limit)
                .Select(k => (Login: k, Distance: ProblemText.Distance(login.Key, k)))
                .Where(k => k.Distance <= limit)
                .OrderBy(k => k.Distance)
                .ThenBy(k => k.Login, StringComparer.Ordinal)
                .Take(Most)
                .Select(k => k.Login),
        ];
    }

    /// <summary>Lists every address and login in the manifests.</summary>
    /// <param name="manifests">The manifests.</param>
    public static IEnumerable<string> In(ManifestSet manifests)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var members = manifests.All<ProjectMembership>().SelectMany(p => p.Spec.Members ?? []).Select(m => m.Email);
        var teams = manifests.All<Team>().SelectMany(t => t.Spec.Members).Select(m => m.Email);
        var persons = manifests.All<Person>().SelectMany(p => (p.Spec.Aliases ?? []).Prepend(p.Spec.Email));
        var actors = manifests.All<AccessProvider>().Select(p => p.Spec.ActingAs);
        var guarded = manifests.All<Guardrail>().SelectMany(g => g.Spec.Protected ?? []);
        var logins = manifests
            .All<ProjectMembership>()
            .SelectMany(p => p.Spec.Members ?? [])
            .Select(m => m.Login)
            .Concat(manifests.All<Team>().SelectMany(t => t.Spec.Members).Select(m => m.Login))
            .Concat(manifests.All<Person>().SelectMany(p => p.Spec.Logins?.Values ?? []));
        return members
            .Concat(teams)
            .Concat(persons)
            .Concat(actors)
            .Concat(guarded)
            .OfType<EmailAddress>()
            .Select(e => e.Text)
            .Concat(logins.OfType<Login>().Select(l => l.Text));
    }

    // The same name at another domain counts as one edit, whatever the domains are.
    private static int Distance(string local, string domain, string other, int limit)
    {
        var (theirs, at) = Parts(other);
        if (Math.Abs(theirs.Length - local.Length) > limit)
            return int.MaxValue;
        var names = ProblemText.Distance(local, theirs);
        return at == domain ? names : names + 1;
    }

    private static (string Local, string Domain) Parts(string key)
    {
        var at = key.LastIndexOf('@');
        return (key[..at], key[(at + 1)..]);
    }
}
