using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>
/// Checks connections: the vendor must be known, and the token may only go to hosts that the runner allows.
/// </summary>
internal sealed class ProviderCheck(ManifestSet set, RunnerRules rules, Problems problems)
{
    private const string Prefix = "RECONCILER_";

    public CheckedProvider Check(AccessProvider manifest)
    {
        if (manifest.Spec is not { } spec)
            return new(null, null);
        if (spec.Credentials?.Token is { } token)
            CheckToken(token);
        if (spec.CaFile is not null)
            CheckFile(spec.CaFile, spec, "caFile");
        var vendor = VendorOf(spec);
        // A vendor that knows people by logins tells whose token it is.
        if (spec.ActingAs is null && spec.Origin["actingAs"] is null && vendor?.Logins is null)
            problems.Warning(
                spec.Origin,
                "actingAs is missing: state whose token it is, so that this person is never removed"
            );
        if (spec.CombineInvitations == true && vendor?.Capabilities.CombinesInvitations == false)
        {
            problems.Error(
                spec.Origin.At("combineInvitations"),
                $"is true, but no invitation of {vendor.Name} can name several projects; expected false, "
                    + "or no such field"
            );
        }

        var before = problems.ErrorCount;
        var url = BaseUrl(manifest, vendor);
        var isUsable =
            vendor is not null && url is not null && problems.ErrorCount == before && !set.HasProblem(manifest);
        return new(
            isUsable ? new(manifest.Id, vendor!, url!, spec) : null,
            vendor is null ? null : new(manifest.Id, vendor, url ?? Nowhere(manifest), spec)
        );
    }

    private Vendor? VendorOf(AccessProviderSpec spec)
    {
        if (spec.Type is not { } type)
            return null;
        var vendor = rules.Vendors.Find(type);
        if (vendor is not null)
            return vendor;
        var (at, types) = (spec.Origin.At("type"), rules.Vendors.Types.ToList());
        var known = $"expected one of {string.Join(", ", types)}";
        if (rules.UnusableVendors.TryGetValue(type, out var told))
            problems.Error(at, $"is {ProblemText.Quote(type)}, whose VendorDefinition cannot be used; {told}");
        else if (rules.VendorsAreResources)
            problems.MissingReference(
                at,
                $"is {ProblemText.Quote(type)}, and there is no such VendorDefinition; "
                    + $"{known}{ProblemText.DidYouMean(type, types)}"
            );
        else
            problems.Error(at, $"is {ProblemText.Quote(type)}; {known}{ProblemText.DidYouMean(type, types)}");
        return null;
    }

    // A placeholder for a refused address, so that documents which refer to the provider can still be checked. Nothing
    // is ever sent there.
    private static Uri Nowhere(AccessProvider manifest) =>
        new($"https://{manifest.Metadata.Name}.{manifest.Metadata.NamespaceOrDefault}.invalid/");

    /// <summary>
    /// Returns the address that the token is sent to; reports a problem if the runner does not allow it.
    /// </summary>
    private Uri? BaseUrl(AccessProvider manifest, Vendor? vendor)
    {
        var overridden = rules.BaseUrls.GetValueOrDefault(manifest.Metadata.Name);
        var at = manifest.Spec.Origin.At("baseUrl");
        if ((overridden ?? manifest.Spec.BaseUrl) is not { } text)
            return null;
        if (AccountUrl.Parse(text) is not { } url)
        {
            problems.Error(
                at,
                $"is {Shown(text)}; expected {Expected(vendor)}, without user, "
                    + $"query and fragment{TemplateText.Hint(text)}"
            );
            return null;
        }

        if (AccountUrl.Problem(url) is { } problem)
        {
            problems.Error(at, $"is {ProblemText.Quote(overridden ?? manifest.Spec.BaseUrl)}, which {problem}");
            return null;
        }

        url = AccountUrl.Normal(url);
        if (url.Scheme == "http" && !url.IsLoopback)
            problems.Error(at, $"sends the token unencrypted to {url.Host}; expected https");
        if (
            overridden is null
            && vendor is not null
            && !vendor.PublishedHosts.Contains(url.Host)
            && !rules.AllowedHosts.Contains(url.Host)
        )
        {
            problems.Error(
                at,
                $"sends the token to {url.Host}, which {vendor.Name} does not publish; expected {Expected(vendor)}, "
                    + $"or run with --allow-host {url.Host}"
            );
        }

        return url;
    }

    // The part before an @ or after a ? may be a password or a token, so it is not shown.
    private static string Shown(string text) =>
        text.AsSpan().ContainsAny('@', '?', '#') ? "a URL with more than host and path" : ProblemText.Quote(text);

    // Suggest an address of the same vendor only: one of another vendor would be refused.
    private static string Expected(Vendor? vendor) =>
        vendor is null ? "a URL that begins with https://"
        : vendor.PublishedUrls.IsEmpty ? "a URL whose host the runner allows"
        : string.Join(" or ", vendor.PublishedUrls);

    // Messages never show text below credentials, because it may be the token itself.
    private void CheckToken(TokenSource token)
    {
        if (token.Env is { } variable)
        {
            if (rules.OwnVariables.Contains(variable))
                problems.Error(
                    token.Origin.At("env"),
                    "names a setting of this program, which is no token; expected a variable of the token's own"
                );
            else if (
                !variable.StartsWith(Prefix, StringComparison.Ordinal) && !rules.AllowedVariables.Contains(variable)
            )
                problems.Error(
                    token.Origin.At("env"),
                    $"names another variable; expected one that begins with {Prefix}, "
                        + "or run with --allow-env and its name"
                );
        }

        if (token.File is { } file)
            CheckFile(file, token, "file");
    }

    private void CheckFile(string path, ManifestPart part, string field)
    {
        var parts = path.Split('/', '\\');
        if (
            path.StartsWith('/')
            || path.StartsWith('\\')
            || path.Contains(':', StringComparison.Ordinal)
            || parts.Any(p => p is "" or "." or "..")
        )
        {
            var at = part.Origin.At(field);
            var found = at is ScalarNode scalar ? scalar.Quote() : at.Describe();
            problems.Error(at, $"is {found}; expected a path below --secrets-dir, without dots and a leading slash");
        }
    }
}

/// <summary>The result of checking a connection.</summary>
/// <param name="Usable">The connection; null if it must not be used.</param>
/// <param name="Known">
/// The connection for checking its projects even if it must not be used; null if the vendor is not known.
/// </param>
internal sealed record CheckedProvider(DesiredProvider? Usable, DesiredProvider? Known)
{
    /// <summary>Returns the connection with every address and id of the people that it names.</summary>
    public CheckedProvider Widened(PeopleDirectory people) =>
        new(Usable is null ? null : people.Widen(Usable), Known is null ? null : people.Widen(Known));
}
