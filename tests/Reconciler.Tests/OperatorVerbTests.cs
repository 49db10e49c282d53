using Reconciler.Testing.Hosts;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests;

/// <summary>What <c>operator</c> and <c>show crds</c> say before any cluster is asked.</summary>
public sealed class OperatorVerbTests
{
    private const string Needs =
        "--override-vendor replaces a vendor by a definition; expected --vendor-definitions too";

    [Theory]
    [InlineData("--override-vendor clarifeye", Needs)]
    [InlineData("--vendor-definitions false --override-vendor clarifeye", Needs)]
    [InlineData("--vendor-definitions --override-vendor clarifeye", null)]
    [InlineData("--vendor-definitions --override-vendor clarifeye --override-vendor redmine", null)]
    public void A_vendor_is_overridden_only_where_definitions_are_read(string words, string? error) =>
        Assert.Equal(error is null ? [] : [error], CommandLines.ErrorsOf(["operator", .. words.Split(' ')]));

    [Theory]
    [InlineData("nobody", "")]
    [InlineData("redmin", "; did you mean \"redmine\"?")]
    public void Only_a_vendor_of_the_program_can_be_overridden(string name, string hint)
    {
        var error = Assert.Single(
            CommandLines.ErrorsOf(["operator", "--vendor-definitions", "--override-vendor", name])
        );

        Assert.StartsWith(
            $"--override-vendor {name}: the program has no such vendor, so that any definition may have the name; "
                + "expected one of clarifeye, confident-ai, ",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains(", redmine", error, StringComparison.Ordinal);
        Assert.EndsWith(hint.Length > 0 ? hint : ", sentry", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_that_cannot_be_read_are_told_as_everywhere_and_the_operator_does_not_start()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "limits.yaml",
            "apiVersion: reconciler.dev/v1alpha1\nkind: Guardrail\nmetadata: {name: all}\n"
                + "spec: {selector: {}, minAdmin: 1}\n"
        );
        using var output = new StringWriter { NewLine = "\n" };

        var code = await Cli.RunAsync(
            ["operator", "--guardrails", "limits.yaml"],
            CommandLines.Environment(output) with
            {
                Folder = folder.Path,
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ExitCode.Problems, code);
        var lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.StartsWith("error: limits.yaml:4:", lines[0], StringComparison.Ordinal);
        Assert.Equal("1 problem; the operator was not started.", lines[^1]);
    }

    [Theory]
    [InlineData("show crds", false)]
    [InlineData("show crds --vendor-definitions", true)]
    public async Task The_kind_VendorDefinition_is_printed_only_where_it_is_asked_for(string words, bool isThere)
    {
        using var output = new StringWriter { NewLine = "\n" };

        var code = await Cli.RunAsync(
            words.Split(' '),
            CommandLines.Environment(output),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ExitCode.Done, code);
        var kinds = output.ToString().Split('\n').Where(l => l.StartsWith("    kind: ", StringComparison.Ordinal));
        Assert.Equal(isThere ? 8 : 7, kinds.Count());
        Assert.Equal(isThere, kinds.Contains("    kind: VendorDefinition"));
        // Words of a vendor that only a definition knows must pass the server.
        Assert.Equal(
            !isThere,
            output
                .ToString()
                .Contains(
                    "                enum:\n                - clarifeye\n                - confident-ai\n",
                    StringComparison.Ordinal
                )
        );
    }
}
