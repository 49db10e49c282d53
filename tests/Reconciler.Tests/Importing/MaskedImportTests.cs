using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Contract;

namespace Reconciler.Tests;

/// <summary><c>import --mask-emails</c>: what is printed hides addresses, what is written must be true.</summary>
public sealed class MaskedImportTests : ImportScene
{
    private static readonly VendorRow Row = VendorRows.Of("confident-ai");

    [Theory]
    [InlineData("--dry-run")]
    [InlineData("--force")]
    [InlineData("-vv")]
    public async Task Nothing_that_is_printed_has_an_address_not_even_in_a_files_name(string option)
    {
        await using var server = await StartServerAsync();
        var open = await SaidAsync(server, ExitCode.Done, "--all", "--dry-run");
        Assert.Contains("people/confident-ai/projects/sandbox-of-ana-example-com.yaml", open, StringComparison.Ordinal);
        Assert.Contains(
            "eve@evil.example is refused: eve@evil.example is outside the domains",
            open,
            StringComparison.Ordinal
        );
        var masked = await SaidAsync(server, ExitCode.Done, "--all", "--mask-emails", option);
        AssertHidden(masked);
        Assert.Contains("people/confident-ai/projects/Sandbox of a…(at)e…#", masked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_has_the_addresses_and_is_the_same_as_without()
    {
        await using var server = await StartServerAsync();
        await SaidAsync(server, ExitCode.Done, "--all", "--out", "out/open");
        await SaidAsync(server, ExitCode.Done, "--all", "--out", "out/masked", "--mask-emails");
        var files = Directory
            .GetFiles(At("out", "open"), "*.yaml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(At("out", "open"), f))
            .ToList();
        Assert.Contains("confident-ai/projects/bob-example-com.yaml", files);
        Assert.All(files, file => Assert.Equal(Text("open", file), Text("masked", file)));
        Assert.Contains(
            "email: ana@example.com",
            string.Concat(files.Select(f => Text("masked", f))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_fails_is_told_without_addresses()
    {
        await using var server = await StartServerAsync();
        server.Inject(
            Fault.Answer(400, """{"success":false,"error":"ask ana@example.com"}""") with
            {
                Method = "GET",
                Path = "/members",
                Times = null,
            }
        );
        var failed = await SaidAsync(server, ExitCode.Failed, "--all", "--mask-emails");
        Assert.Contains("not read: ", failed, StringComparison.Ordinal);
        AssertHidden(failed);
        AssertHidden(await SaidAsync(server, ExitCode.Failed, "--project", "ana@example.com", "--mask-emails"));
    }

    private static void AssertHidden(string text)
    {
        Assert.DoesNotContain('@', text);
        Assert.DoesNotContain("ana-example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bob-example", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
    }

    private string Text(string folder, string file) => File.ReadAllText(At("out", folder, file));

    private async Task<SandboxServer> StartServerAsync()
    {
        await ProviderAsync(
            Row,
            """
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: everywhere}
            spec: {selector: {}, allowedDomains: [example.com]}
            """
        );
        return await StartAsync(
            Row,
            new("p1", Row.Connection)
            {
                Name = "Sandbox of ana@example.com",
                Members =
                [
                    new("ana@example.com", SandboxAccess.Role("Owner")),
                    new("eve@evil.example", SandboxAccess.Role("Member")),
                ],
            },
            new("p2", Row.Connection)
            {
                Name = "bob@example.com",
                Members = [new("ana@example.com", SandboxAccess.Role("Owner"))],
            }
        );
    }

    private async Task<string> SaidAsync(SandboxServer server, int expected, params string[] options)
    {
        var (code, said) = await RunAsync(server, Row, ["import", .. options]);
        Assert.True(expected == code, $"{string.Join(' ', options)} exited with {code}:\n{said}");
        return said;
    }
}
