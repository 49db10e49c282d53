using System.Collections.Immutable;

namespace Reconciler.Help;

/// <summary>Command lines to start from, by verb. A test parses every one.</summary>
internal static class HelpExamples
{
    private static readonly ImmutableDictionary<string, ImmutableArray<(string Line, string What)>> All =
        new Dictionary<string, ImmutableArray<(string Line, string What)>>(StringComparer.Ordinal)
        {
            [""] =
            [
                ("reconciler demo", "The whole story on imitated vendors, without an account"),
                ("reconciler plan people/", "What would change"),
            ],
            ["validate"] =
            [
                ("reconciler validate people/", "Check a folder"),
                ("reconciler validate people/ --format github", "In a GitHub workflow: each problem at its line"),
                ("reconciler validate people/ --allow-host acme.gorules.example", "A vendor at your own host"),
            ],
            ["plan"] =
            [
                (
                    "reconciler plan people/ --baseline last-applied/",
                    "What would change, compared with the manifests as last applied"
                ),
                (
                    "reconciler plan people/ --project fraud-detection -vv",
                    "One project, with every line, step and request"
                ),
                (
                    "reconciler plan people/ --format markdown --mask-emails",
                    "A comment for a pull request that everybody can read"
                ),
                ("reconciler plan people/ --by person", "The same changes, person by person"),
                ("reconciler plan people/ --detailed-exitcode", "For scripts: exits with 2 where changes are pending"),
                ("reconciler plan people/ --out plan.json", "Save the plan, to apply exactly that"),
            ],
            ["apply"] =
            [
                ("reconciler apply people/ --baseline last-applied/", "Show the plan, ask, apply"),
                (
                    "reconciler apply people/ --yes --guardrails limits.yaml",
                    "Apply without asking, within limits that no manifest can relax"
                ),
                ("reconciler apply people/ --plan plan.json", "Apply a saved plan, and nothing else"),
                (
                    "reconciler apply people/ --approve "
                        + "hold:sha256:0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f",
                    "Release one hold, once"
                ),
            ],
            ["report"] =
            [
                ("reconciler report people/ --by person", "Who has what, where, since when, until when and why"),
                (
                    "reconciler report people/ --format html --out access.html",
                    "A page to search, sort, filter and print"
                ),
                ("reconciler report people/ --format csv --mask-emails", "A spreadsheet without addresses"),
            ],
            ["explain"] =
            [
                (
                    "reconciler explain dave@example.com people/",
                    "Why somebody has access, and what the next apply does"
                ),
                (
                    "reconciler explain dave@example.com people/ --offline",
                    "The same from manifests and state alone, without a token"
                ),
            ],
            ["review"] =
            [
                ("reconciler review apply decisions.json people/ --dry-run", "What the decisions of a page would edit"),
            ],
            ["review apply"] =
            [
                (
                    "reconciler review apply access-review-2026-11-30-decisions.json people/",
                    "A branch that takes out what was revoked on the page"
                ),
            ],
            ["import"] =
            [
                (
                    "reconciler import people/ --provider confident-ai-eu --all --dry-run",
                    "Show the manifests that import would write"
                ),
                (
                    "reconciler import people/ --provider clarifeye-eu --project 3c90c3cc-0d44-4b50-8888-8dd25736052a "
                        + "--name fraud",
                    "One project, with a short name for its document"
                ),
            ],
            ["offboard"] =
            [
                (
                    "reconciler offboard dave@example.com people/ --dry-run",
                    "Where somebody has access, and which lines to delete; exits with 4 while manifests declare them"
                ),
            ],
            ["invitations"] =
            [
                (
                    "reconciler invitations list people/ --provider equinix-metal",
                    "What the token's user was invited to"
                ),
            ],
            ["invitations list"] =
            [
                (
                    "reconciler invitations list people/ --provider equinix-metal --format json",
                    "What the token's user was invited to, as JSON"
                ),
            ],
            ["invitations show"] =
            [
                (
                    "reconciler invitations show 1f2e3d4c people/ --provider equinix-metal",
                    "Who invited whom, to what, with which access"
                ),
            ],
            ["invitations accept"] =
            [
                (
                    "reconciler invitations accept 1f2e3d4c people/ --provider equinix-metal",
                    "Accept one that list shows"
                ),
            ],
            ["invitations decline"] =
            [
                (
                    "reconciler invitations decline 9a8b7c6d people/ --provider equinix-metal --yes",
                    "Decline one without being asked"
                ),
            ],
            ["state"] = [("reconciler state show", "Who is owned, invited and remembered, and why")],
            ["state show"] =
            [
                (
                    "reconciler state show --project fraud-detection --format json",
                    "What is remembered of one project, as JSON"
                ),
            ],
            ["state history"] =
            [
                (
                    "reconciler state history --person ana@example.com --since 30d",
                    "What one person got and lost, when, why and by which plan"
                ),
            ],
            ["state adopt"] =
            [
                (
                    "reconciler state adopt fraud-detection ana@example.com --reason SEC-1234",
                    "Own the access of somebody who was added by hand"
                ),
            ],
            ["state abandon"] =
            [
                (
                    "reconciler state abandon model-lab ivan@example.net",
                    "Forget somebody who left, so that they are invited again"
                ),
            ],
            ["state erase"] =
            [
                (
                    "reconciler state erase ivan@example.net --reason SEC-1234",
                    "Remove a person from the audit trail, once no project remembers them"
                ),
            ],
            ["state verify"] = [("reconciler state verify", "Check that nobody changed the audit trail")],
            ["state confirm"] =
            [
                ("reconciler state confirm", "Let a worker go on with a state file that was restored"),
            ],
            ["state backup"] =
            [
                ("reconciler state backup state-backup.db", "A copy that is whole, also while an apply runs"),
            ],
            ["state restore"] =
            [
                (
                    "reconciler state restore state-backup.db --state postgres://reconciler@db.example/access",
                    "Bring a backup back to a schema that holds nothing"
                ),
            ],
            ["state migrate"] =
            [
                (
                    "reconciler state migrate --from .reconciler/state.db --to postgres://reconciler@db.example/access",
                    "From now on the team shares the state"
                ),
            ],
            ["worker"] =
            [
                ("reconciler worker --git https://github.com/example/access.git --path people", "Follow a repository"),
                (
                    "reconciler worker --config worker.yaml --set maxRemovals=5",
                    "Settings from a file, with one changed"
                ),
                ("reconciler worker --config worker.yaml --check", "Check the settings"),
            ],
            ["show"] = [("reconciler show providers", "What each vendor's API can do")],
            ["show schema"] =
            [
                ("reconciler show schema ProjectMembership", "The JSON Schema of one kind"),
                ("reconciler show schema --vendors vendors/", "With the words of vendors that are described in YAML"),
            ],
            ["show crds"] = [("reconciler show crds", "The definitions to install in a cluster")],
            ["show providers"] =
            [
                ("reconciler show providers --no-color", "What each vendor's API can do, without colour"),
            ],
            ["vendors"] = [("reconciler vendors show", "Every vendor that manifests may name")],
            ["vendors check"] =
            [
                ("reconciler vendors check vendors/", "Every problem of a folder of definitions, offline"),
                (
                    "reconciler vendors check vendors/redmine.yaml --against https://redmine.example --project website",
                    "The people whom a definition finds in one project, read with GET alone"
                ),
            ],
            ["vendors show"] =
            [
                (
                    "reconciler vendors show redmine --vendors vendors/",
                    "One vendor: its access, its lists, and the call of each action"
                ),
            ],
            ["sandbox"] =
            [
                (
                    "reconciler sandbox --seed examples/sandbox/seed.yaml --port 8765",
                    "Imitated vendors, seeded from a file"
                ),
                (
                    "reconciler sandbox --seed seed.yaml --vendors vendors/",
                    "With the vendors that definitions of a folder describe"
                ),
            ],
            ["operator"] =
            [
                ("reconciler operator", "In a pod, with its own account"),
                ("reconciler operator --context kind-kind --watch-namespace people", "From outside, for one namespace"),
            ],
            ["health"] =
            [
                (
                    "reconciler health --url http://127.0.0.1:8080/readyz",
                    "Whether a running worker is ready, and not only alive"
                ),
            ],
            ["demo"] = [("reconciler demo --no-color", "The whole story without colour, for a file or a pipe")],
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
