namespace Reconciler.Tests;

/// <summary><c>offboard</c> over real HTTP: whom it takes out of what, and what it refuses.</summary>
public sealed class OffboardVerbTests : OffboardScene
{
    [Fact]
    public async Task Somebody_is_taken_out_of_declared_and_undeclared_projects_under_every_address()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", "DAVE.old@example.com", "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.StartsWith(
            "Offboarding DAVE.old@example.com (also dave@example.com, Person dave)\n",
            said[said.IndexOf("Offboarding", StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );
        Assert.Equal([], Left(server));
        Assert.Contains(
            "clarifeye-eu: 1 declared project only, since the vendor lists none",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "equinix-metal: 1 declared project, 2 that no manifest declares",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "the definition of Clarifeye has no call that lists projects, so each has to be named by its id: "
                + "look by hand",
            said,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "who leaves a project stays a member of its organization: remove the person there",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(0, server.Connection("equinix-metal").MailsTo(Dave));

        var (again, nothing) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(again == ExitCode.Done, nothing);
        Assert.Contains("Nothing to take away in 7 projects.", nothing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_whom_manifests_still_declare_is_not_touched_and_every_line_is_named()
    {
        await using var server = await StartAsync();
        await WriteAsync(
            member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}",
            team: "{email: dave@example.com}"
        );
        foreach (var way in new[] { "--yes", "--dry-run" })
        {
            var (code, said) = await RunAsync(server, null, "offboard", Dave, way);
            Assert.Equal(ExitCode.Held, code);
            Assert.Contains("manifests.yaml:8:5  a member of fraud\n", said, StringComparison.Ordinal);
            Assert.Contains("manifests.yaml:15:5  a member of the Team platform\n", said, StringComparison.Ordinal);
            Assert.Contains(
                "people.yaml:3:18  the Person dave: delete it, or set departed: true\n",
                said,
                StringComparison.Ordinal
            );
            Assert.Contains(
                "Held: nothing is applied, since the manifests still declare dave@example.com in fraud, "
                    + "evals, and the next reconcile would invite the person again.",
                said,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(0, server.NonGetCount);
    }

    [Fact]
    public async Task A_departed_person_may_stay_in_the_manifests()
    {
        await using var server = await StartAsync();
        await WriteAsync(member: "{person: dave, access: {permissions: [CAN_VIEW_DATA]}}", departed: "departed: true");
        var (code, said) = await RunAsync(server, null, "offboard", Dave, "--yes");
        Assert.True(code == ExitCode.Done, said);
        Assert.Contains("the Person dave, departed", said, StringComparison.Ordinal);
        Assert.Equal([], Left(server));
    }

    [Theory]
    [InlineData("yes", ExitCode.Done, 0)]
    [InlineData("no", ExitCode.Failed, 6)]
    public async Task A_person_is_asked_before_anything_is_applied(string answer, int expected, int left)
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, answer, "offboard", Dave);
        Assert.Equal(expected, code);
        Assert.Contains(
            "Apply these changes? 6 changes take access away. Only \"yes\" is accepted: ",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(left, Left(server).Length);
    }

    [Fact]
    public async Task An_entry_that_names_the_persons_id_is_found_once_the_person_is()
    {
        await using var server = await StartAsync();
        var id = server.Connection("clarifeye-eu").Members(Clarifeye).Single(m => m.Email == Dave).PersonId;
        await WriteAsync(member: $"{{userId: {id}, access: {{permissions: [CAN_VIEW_DATA]}}}}");
        var (_, said) = await RunAsync(server, null, "offboard", Dave, "--dry-run");
        Assert.Contains("manifests.yaml:8:5  a member of fraud\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_address_is_refused()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", "dave");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("expected an e-mail address such as ana@example.com", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_no_manifest_could_declare_is_looked_for()
    {
        await using var server = await StartAsync();
        await WriteAsync();
        var (code, said) = await RunAsync(server, null, "offboard", "svc@exa_mple.com");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("svc@exa_mple.com", said, StringComparison.Ordinal);
        Assert.DoesNotContain("expected an e-mail address", said, StringComparison.Ordinal);
    }
}
