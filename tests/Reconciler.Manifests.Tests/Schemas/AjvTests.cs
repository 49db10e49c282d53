using System.ComponentModel;
using System.Diagnostics;
using Reconciler.Testing;

namespace Reconciler.Manifests.Tests.Schemas;

/// <summary>The schemas as an editor reads them: by a validator that is not ours, from the registry of npm.</summary>
public sealed class AjvTests
{
    private static readonly string Folder = Repository.At("tests/ajv");

    [Fact]
    public async Task Ajv_accepts_every_example_and_refuses_each_flaw()
    {
        var (code, output) = await CheckAsync(Repository.At("examples"));

        Assert.True(code == 0, output);
        Assert.Matches(@"^\d+ schemas, [1-9]\d* manifests, [1-9]\d* settings, 0 complaints$", output.Trim());
    }

    [Theory]
    [InlineData("vendors")]
    [InlineData("tests/Reconciler.Testing/Vendors")]
    [InlineData("tests/Reconciler.Tests/Golden/vendors/vendors")]
    public async Task Ajv_accepts_every_definition_of_a_vendor_and_refuses_each_flaw(string folder)
    {
        var (code, output) = await CheckAsync(Repository.At(folder));

        Assert.True(code == 0, output);
        Assert.Matches(@"^\d+ schemas, [1-9]\d* manifests, 0 settings, 0 complaints$", output.Trim());
    }

    [Fact]
    public async Task Ajv_names_the_manifest_that_a_schema_refuses()
    {
        var folder = Directory.CreateTempSubdirectory("reconciler-ajv").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder, "team.yaml"),
                "apiVersion: reconciler.dev/v1alpha1\nkind: Team\nmetadata: {name: a}\nspec: {members: [{email: no-address}]}\n",
                TestContext.Current.CancellationToken
            );

            var (code, output) = await CheckAsync(folder);

            Assert.Equal(1, code);
            Assert.Contains(
                "team.yaml: Team a: team.json refuses it: /spec/members/0",
                output,
                StringComparison.Ordinal
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> CheckAsync(string folder)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "ajv")))
            Assert.Skip("Ajv is not installed: run 'npm ci' in tests/ajv, with Node.js 20 or newer.");
        var start = new ProcessStartInfo("node", ["check.mjs", Repository.At("schemas"), folder])
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Start(start);
        var texts = await Task.WhenAll(
            node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
        );
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (node.ExitCode, string.Concat(texts));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no program 'node' here: install Node.js 20 or newer.");
            throw;
        }
    }
}
