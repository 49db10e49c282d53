using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Membership.Describing;

/// <summary>
/// Checks VendorDefinitions and makes vendors of them, so that a wrong definition is refused as a whole, with every
/// problem at once, before anything is sent.
/// </summary>
public static class VendorDefinitions
{
    /// <summary>Makes a vendor of a definition.</summary>
    /// <param name="definition">The definition; parts of it may be missing if problems were found before.</param>
    /// <param name="problems">Gets every problem found.</param>
    /// <returns>The vendor; null where a problem was found.</returns>
    public static Vendor? Check(VendorDefinition definition, Problems problems)
    {
        if (definition.Spec is not { Access: not null, Members: not null, Calls: not null, Token: not null } spec)
            return null;
        var before = problems.ErrorCount;
        CheckUrls(spec, problems);
        HeaderCheck.Check(spec, problems);
        var access = new AccessCompiler(spec, problems);
        var words = access.Words();
        var ids = IdentityCheck.ProjectIds(spec, problems);
        var lists = new ListCompiler(spec, access, problems);
        var caller = new CallerCompiler(spec, lists, problems);
        var members = lists.Members();
        var invitations = lists.Invitations();
        var calls = new CallCompiler(spec, access, lists, problems).All();
        var description = new VendorDescription(DefinitionDigest.Of(definition), members)
        {
            TokenHeader = spec.Token.Header ?? "",
            TokenPrefix = spec.Token.Prefix ?? "",
            SecondHeader = spec.Token.Second,
            Headers = [.. spec.Headers ?? new Dictionary<string, string>()],
            ClosedPaths = spec.ClosedPaths == true,
            Success = spec.Answers?.Success is { } success ? lists.Condition(success) : null,
            Reason = spec.Answers?.Reason is null ? null : lists.Pointer(spec.Answers, "reason", spec.Answers.Reason),
            Fields = access.Fields(),
            WhoAmI = caller.WhoAmI(),
            Account = caller.Account(),
            SeesAll = caller.SeesAll(),
            Projects = lists.Projects(),
            People = lists.People(),
            Invitations = invitations,
            Names = lists.Names(),
            Calls = calls.OfKind,
            RemoveDirect = calls.RemoveDirect,
            Words = calls.Words,
            Refusals = lists.Refusals(),
        };
        var can = new CapabilityCompiler(spec, description, problems).Capabilities();
        if (problems.ErrorCount != before || definition.Metadata?.Name is null)
            return null;
        return new(definition.Metadata.Name, spec.Title, words, can)
        {
            PublishedUrls = [.. spec.Urls ?? []],
            UuidIds = spec.UuidIds == true,
            Logins = spec.Logins is { } logins
                ? new(logins.CaseCounts == true, logins.Account is not null) { Site = logins.Site }
                : null,
            ProjectIds = ids,
            Description = description,
        };
    }

    private static void CheckUrls(VendorDefinitionSpec spec, Problems problems)
    {
        if (spec.Origin["urls"] is not SequenceNode urls)
            return;
        foreach (var item in urls.Items)
        {
            // What is no URL at all was reported when the document was read.
            if (
                item is ScalarNode { Text: var url }
                && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
                && (parsed.Host.Length == 0 || AccountUrl.Problem(parsed) is not null)
            )
                problems.Error(
                    item,
                    $"is {ProblemText.Quote(url)}; expected a URL with a host and no dots in its path"
                );
        }
    }
}
