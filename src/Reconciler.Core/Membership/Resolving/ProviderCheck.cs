using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Ports;

namespace Reconciler.Core.Membership.Resolving;

/// <summary>Checks connections: that the vendor is known, and that a token can only go where the runner lets it.</summary>
internal sealed class ProviderCheck(RunnerRules rules, Problems problems)
{
    private const string OwnVariables = "RECONCILER_";

    public DesiredProvider? Resolve(AccessProvider manifest)
    {
        var spec = manifest.Spec;
        CheckToken(spec.Credentials.Token);
        if (spec.CaFile is not null) CheckFile(spec.CaFile, spec, "caFile");
        if (spec.ActingAs is null) problems.Warning(spec.Origin, "actingAs is missing: state whose token it is, so that this person is never removed");
        var vendor = rules.Vendors.FirstOrDefault(v => v.Type == spec.Type);
        if (vendor is null)
        {
            var types = rules.Vendors.Select(v => v.Type);
            problems.Error(spec.Origin.At("type"), $"is {ProblemText.Quote(spec.Type)}; expected one of {string.Join(", ", types)}{ProblemText.DidYouMean(spec.Type, types)}");
            return null;
        }

        if (spec.CombineInvitations == true && !vendor.Capabilities.CombinesInvitations)
        {
            problems.Error(spec.Origin.At("combineInvitations"), $"is true, but no invitation of {vendor.Name} can name several projects; expected false, or no such field");
        }

        var url = BaseUrl(manifest, vendor);
        return url is null ? null : new(manifest.Id, vendor, url, spec);
    }

    private Uri? BaseUrl(AccessProvider manifest, Vendor vendor)
    {
        var overridden = rules.BaseUrls.GetValueOrDefault(manifest.Metadata.Name);
        var at = manifest.Spec.Origin.At("baseUrl");
        if (!Uri.TryCreate(overridden ?? manifest.Spec.BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0
            || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            problems.Error(at, $"is {ProblemText.Quote(overridden ?? manifest.Spec.BaseUrl)}; expected {Expected(vendor)}, without user, query and fragment");
            return null;
        }

        if (AccountUrl.Problem(url) is { } problem)
        {
            problems.Error(at, $"is {ProblemText.Quote(overridden ?? manifest.Spec.BaseUrl)}, which {problem}");
            return null;
        }

        url = AccountUrl.Normal(url);
        if (url.Scheme == "http" && !url.IsLoopback)
        {
            problems.Error(at, $"sends the token unencrypted to {url.Host}; expected https");
            return null;
        }

        if (overridden is null && !vendor.PublishedHosts.Contains(url.Host) && !rules.AllowedHosts.Contains(url.Host))
        {
            problems.Error(at, $"sends the token to {url.Host}, which {vendor.Name} does not publish; expected {Expected(vendor)}, or run with --allow-host {url.Host}");
            return null;
        }

        return url;
    }

    private static string Expected(Vendor vendor) => vendor.PublishedUrls.IsEmpty ? "a URL whose host the runner allows" : string.Join(" or ", vendor.PublishedUrls);

    private void CheckToken(TokenSource token)
    {
        if (token.Env is { } variable && !variable.StartsWith(OwnVariables, StringComparison.Ordinal) && !rules.AllowedVariables.Contains(variable))
        {
            problems.Error(token.Origin.At("env"), $"names {variable}; expected a variable that begins with {OwnVariables}, or run with --allow-env {variable}");
        }

        if (token.File is { } file) CheckFile(file, token, "file");
    }

    private void CheckFile(string path, ManifestPart part, string field)
    {
        var parts = path.Split('/', '\\');
        if (path.StartsWith('/') || path.StartsWith('\\') || path.Contains(':', StringComparison.Ordinal) || parts.Any(p => p is "" or "." or ".."))
        {
            problems.Error(part.Origin.At(field), $"is {ProblemText.Quote(path)}; expected a path below --secrets-dir, without dots and a leading slash");
        }
    }
}
