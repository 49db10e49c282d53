using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests;

/// <summary>What <c>import</c> refuses, and what it says where something cannot be read or written.</summary>
public sealed class ImportRefusalTests : ImportScene
{
    [Fact]
    public async Task A_file_that_is_in_the_way_is_never_replaced_without_force_and_nothing_else_is_written_then()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 6, projects: 2, waiting: 0));
        await ProviderAsync(row);
        var file = At("out", "confident-ai/roles.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "mine", Cancellation);
        string[] import = ["import", "people", "--all", "--out", "out"];

        var (code, said) = await RunAsync(server, row, import);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("is there already: out/confident-ai/roles.yaml", said, StringComparison.Ordinal);
        Assert.Equal(["roles.yaml"], Files("out"));
        Assert.Equal("mine", await File.ReadAllTextAsync(file, Cancellation));

        Assert.Equal(ExitCode.Done, (await RunAsync(server, row, [.. import, "--dry-run"])).Code);
        Assert.Equal(["roles.yaml"], Files("out"));

        Assert.Equal(ExitCode.Done, (await RunAsync(server, row, [.. import, "--force"])).Code);
        Assert.Contains("kind: AccessRole", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(Files("out"), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_leaves_nothing_half_written()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 6, projects: 2, waiting: 0));
        await ProviderAsync(row);
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(At("out", "confident-ai")).FullName, "projects"),
            "a file where a folder belongs",
            Cancellation
        );
        var (code, said) = await RunAsync(server, row, "import", "people", "--all", "--out", "out");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("error: cannot write: ", said, StringComparison.Ordinal);
        Assert.Equal(["projects"], Files("out"));
    }

    [Fact]
    public async Task A_project_that_cannot_be_read_is_told_and_the_others_are_written()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(
            row,
            [
                .. Crowd(row, people: 6, projects: 2, waiting: 0),
                new("p9", row.Connection) { Name = "Closed", Forbidden = true },
            ]
        );
        await ProviderAsync(row);
        var (code, said) = await RunAsync(server, row, "import", "--all");
        Assert.Equal(ExitCode.Partly, code);
        Assert.Contains(
            "not read: “Closed” (p9): GET /v1/projects/p9/invitations answered 403",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal((0, 0, 0, 0, 0, 0), (await PlanAsync(server, row)).Changes);
    }

    [Theory]
    [InlineData(
        "clarifeye",
        "the definition of Clarifeye has no call that lists projects, so each has to be named by its id: "
            + "pass --project ID"
    )]
    [InlineData(
        "gorules",
        "GoRules' documents know no call that lists projects, so each has to be named by its id: pass --project ID"
    )]
    public async Task A_vendor_without_a_list_of_projects_says_what_to_do_instead(string vendor, string message)
    {
        var row = VendorRows.Of(vendor);
        await using var server = await StartAsync(row, Crowd(row, people: 3, projects: 1, waiting: 0));
        await ProviderAsync(row);
        var (code, said) = await RunAsync(server, row, "import", "--all");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_list_of_projects_that_cannot_be_read_imports_nothing()
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 3, projects: 1, waiting: 0));
        server.Inject(new(FaultKind.CutJson) { Path = "/v1/projects", Times = null });
        await ProviderAsync(row);
        var before = Snapshot();
        Assert.Equal(ExitCode.Failed, (await RunAsync(server, row, "import", "--all")).Code);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("import", ExitCode.Usage, "expected either --project ID")]
    [InlineData("import --all --project p1", ExitCode.Usage, "expected either --project ID")]
    [InlineData("import --all --provider confident", ExitCode.Failed, "no AccessProvider is named \"confident\"")]
    [InlineData("import --project a/b", ExitCode.Failed, "--project is \"a/b\"; expected an id")]
    [InlineData("import --all --name x", ExitCode.Usage, "--name x: expected ID=NAME, since no --project is given")]
    [InlineData(
        "import --all --name a=Big",
        ExitCode.Usage,
        "\"Big\" is no document's name; expected lower-case letters"
    )]
    [InlineData(
        "import --all --name nothing=x",
        ExitCode.Failed,
        "--name nothing=x: no project \"nothing\" is imported"
    )]
    public async Task A_wrong_question_is_answered_with_what_was_expected(string line, int expected, string message)
    {
        var row = VendorRows.Of("confident-ai");
        await using var server = await StartAsync(row, Crowd(row, people: 3, projects: 1, waiting: 0));
        await ProviderAsync(row);
        var (code, said) = await RunAsync(server, row, line.Split(' '));
        Assert.Equal(expected, code);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }
}
