using System.Text.Json.Nodes;
using Reconciler.Testing;
using Reconciler.Testing.Hosts.Crashes;
using static Reconciler.Operator.Tests.OperatorScene;
using static Reconciler.Operator.Tests.Vendors.DescribedVendor;

namespace Reconciler.Operator.Tests.Vendors;

/// <summary>
/// Names of VendorDefinitions that the program has too: copies of its own files, other definitions of them, and
/// operators that do not agree.
/// </summary>
[Collection(DescribedApiServer.Operators)]
public sealed class VendorNameTests(DescribedApiServer described)
{
    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Repository.At("vendors"), "*.yaml").Order(StringComparer.Ordinal),
    ];

    [Fact]
    public async Task A_copy_of_what_the_program_has_changes_nothing_and_one_that_differs_needs_the_override()
    {
        await using var scene = await SetDescribedAsync(described.Server, Vendor);
        try
        {
            await scene.ApplyAsync(Files.Select(File.ReadAllText));
            var careful = scene.Start(With);
            foreach (var name in Files.Select(Path.GetFileNameWithoutExtension))
            {
                var copy = await scene.UntilAsync("VendorDefinition", name!, r => Is(r, "True", "Accepted"));
                Assert.Equal(
                    $"AccessProviders can name it, with type: {name}; "
                        + "it is what the program has by itself, and changes nothing",
                    Condition(copy, "Ready")!.Value.Message
                );
            }

            await scene.KubectlAsync("patch", "vd", "redmine", "--type=merge", "-p", """{"spec":{"title":"Ours"}}""");
            var other = await scene.UntilAsync("VendorDefinition", "redmine", r => Is(r, "False", "NameTaken"));
            Assert.Equal(
                "metadata.name: is redmine, of which the program has another definition; expected another name, "
                    + "or an operator that runs with --override-vendor redmine (the chart's operator.overrideVendors)",
                Condition(other, "Ready")!.Value.Message
            );
            Assert.Null(other["status"]!["digest"]);
            await scene.StopAsync(careful);

            scene.Start(s => With(s) with { OverriddenVendors = ["redmine"] });
            await scene.UntilAsync("VendorDefinition", "redmine", r => Is(r, "True", "Accepted"));
        }
        finally
        {
            await scene.KubectlAsync([
                "delete",
                "vendordefinition",
                "--ignore-not-found",
                .. Files.Select(f => Path.GetFileNameWithoutExtension(f)),
            ]);
        }
    }

    [Fact]
    public async Task Operators_that_do_not_agree_about_a_name_write_its_status_ever_more_rarely_and_tell_it_once()
    {
        await using var scene = await SetDescribedAsync(described.Server, Vendor);
        try
        {
            scene.Start(s => With(s) with { Shard = "a", ElectLeader = false });
            scene.Start(s => With(s) with { Shard = "b", ElectLeader = false, OverriddenVendors = [Vendor.Type] });
            await scene.ApplyAsync(Definition(Vendor.Type));
            await scene.UntilLoggedAsync("operators of one cluster need the same version");

            HashSet<string> versions = [];
            for (var attempt = 0; attempt < 100; attempt++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
                versions.Add(Version((await scene.FindAsync("VendorDefinition", Vendor.Type))!));
            }

            Assert.InRange(versions.Count, 1, 6);
            Assert.Equal(
                ["Accepted", "NameTaken"],
                (await scene.EventsAsync(Vendor.Type, "kube-system"))
                    .Where(e =>
                        e.Note.Contains("the program knows", StringComparison.Ordinal) || e.Reason == "Accepted"
                    )
                    .Select(e => e.Reason)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
            );
            Assert.Equal(1, scene.Logs.Count(l => l.Contains("not used, NameTaken", StringComparison.Ordinal)));
        }
        finally
        {
            await scene.KubectlAsync("delete", "vendordefinition", Vendor.Type, "--ignore-not-found");
        }
    }

    [Fact]
    [Trait("Runs", "Program")]
    public async Task The_words_of_the_command_line_become_settings()
    {
        await using var scene = await SetDescribedAsync(described.Server, Vendor);
        await scene.ApplyAsync(Definition(Vendor.Type));
        try
        {
            using (var careful = OperatorProcessTests.Start(scene, "--vendor-definitions"))
            {
                await scene.UntilAsync("VendorDefinition", Vendor.Type, r => Is(r, "False", "NameTaken"));
                await careful.SignalAsync("TERM");
                await careful.EndAsync();
            }

            using var other = OperatorProcessTests.Start(
                scene,
                "--vendor-definitions",
                "--override-vendor",
                Vendor.Type
            );
            await scene.UntilAsync("VendorDefinition", Vendor.Type, r => Is(r, "True", "Accepted"));
        }
        finally
        {
            await scene.KubectlAsync("delete", "vendordefinition", Vendor.Type, "--ignore-not-found");
        }
    }

    private static string Version(JsonObject resource) => (string)resource["metadata"]!["resourceVersion"]!;
}
