using System.Collections.Immutable;

namespace Reconciler.Hosts;

/// <summary>Command lines to start from, by verb. A test parses every one.</summary>
internal static class HelpExamples
{
    private static readonly ImmutableDictionary<string, ImmutableArray<(string Line, string What)>> All = new Dictionary<string, ImmutableArray<(string Line, string What)>>(StringComparer.Ordinal)
    {
        [""] = [("reconciler demo", "The whole story on imitated vendors, without an account"), ("reconciler plan people/", "What would change")],
        ["validate"] =
        [
            ("reconciler validate people/", "Check a folder"),
            ("reconciler validate people/ --format github", "The same in a workflow of GitHub, with each problem at its line"),
            ("reconciler validate people/ --allow-host acme.gorules.example", "A vendor at a host of one's own"),
        ],
        ["plan"] =
        [
            ("reconciler plan people/ --baseline last-applied/", "What would change, knowing whom the manifests as last applied let in"),
            ("reconciler plan people/ --project fraud-detection -v", "One project, with every line and request"),
            ("reconciler plan people/ --format markdown --mask-emails", "A comment for a pull request that everybody can read"),
            ("reconciler plan people/ --detailed-exitcode", "Exit with 2 where something has drifted"),
        ],
        ["apply"] =
        [
            ("reconciler apply people/ --baseline last-applied/", "Show the plan, ask, apply"),
            ("reconciler apply people/ --yes --guardrails limits.yaml", "Apply without asking, within limits that no manifest can relax"),
        ],
        ["invitations"] = [("reconciler invitations list people/ --provider equinix-metal", "What the token's user was invited to")],
        ["invitations list"] = [("reconciler invitations list people/ --provider equinix-metal --format json", "What the token's user was invited to, as JSON")],
        ["invitations accept"] = [("reconciler invitations accept 1f2e3d4c people/ --provider equinix-metal", "Accept one that list shows")],
        ["invitations decline"] = [("reconciler invitations decline 1f2e3d4c people/ --provider equinix-metal --yes", "Decline one without being asked")],
        ["show"] = [("reconciler show providers", "What each vendor's API can do")],
        ["show schema"] = [("reconciler show schema ProjectMembership", "The JSON Schema of one kind")],
        ["show providers"] = [("reconciler show providers --no-color", "What each vendor's API can do, without colour")],
        ["sandbox"] = [("reconciler sandbox --seed examples/sandbox/seed.yaml --port 8765", "Imitated vendors with the people of a file")],
        ["demo"] = [("reconciler demo --no-color", "The whole story, for a file or a pipe")],
        ["completion"] =
        [
            ("source <(reconciler completion bash)", "bash: in ~/.bashrc"),
            ("source <(reconciler completion zsh)", "zsh: in ~/.zshrc, after compinit"),
            ("reconciler completion fish | source", "fish: in ~/.config/fish/config.fish"),
        ],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The examples of a verb; none where it has none.</summary>
    /// <param name="path">The verb, with the verb above it where there is one; empty for the program.</param>
    public static ImmutableArray<(string Line, string What)> Of(string path) => All.GetValueOrDefault(path, []);
}
