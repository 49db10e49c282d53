using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Contract;

namespace Reconciler.Providers.Tests.Contract;

/// <summary>
/// A vendor quotes the token in its answer: what is printed and stored is free of it, at every vendor.
/// </summary>
public sealed partial class QuotedTokenContract
{
    private const string Ana = "ana";

    public static TheoryData<string> Vendors => VendorRows.All;

    public static TheoryData<string> Directories => VendorRows.That(r => r.NamesProjects);

    // Every text of every list that a reading asks for, one after the other, is the token.
    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_token_in_anything_that_is_read_of_a_project_fails_the_project_and_is_not_shown(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(
            vendor,
            (row, project) =>
                project with
                {
                    Members = [new(row.Key(Ana), row.SeedGreater), new(row.Key("bob"), row.SeedLesser)],
                    Invitations = row.Invites ? [new(row.Key("eve"), row.SeedLesser)] : [],
                }
        );
        var project = bench.Declare(Ana).Resolve();
        await bench.ReadAsync(project);
        var recorded = bench.Bodies.ToList();
        var refused = 0;
        foreach (var (path, body) in recorded)
        {
            foreach (
                var value in Values()
                    .Matches(body)
                    .Select(m => m.Groups["value"].Value)
                    .Distinct(StringComparer.Ordinal)
                    .Where(IsText)
            )
            {
                foreach (
                    var quoted in new[]
                    {
                        ContractBench.Token,
                        $"x {ContractBench.Token.ToUpperInvariant()} y",
                        Escaped(ContractBench.Token),
                    }
                )
                {
                    bench.Server.ClearFaults();
                    bench.Inject(
                        new(FaultKind.Answer)
                        {
                            Method = "GET",
                            Path = path,
                            Status = 200,
                            Content = body.Replace($"\"{value}\"", $"\"{quoted}\"", StringComparison.Ordinal),
                            Times = null,
                        }
                    );
                    if (await IsRefusedAsync(bench, project))
                        refused++;
                }
            }
        }

        Assert.True(refused > 0, "no answer with the token was refused");
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_word_of_access_in_a_manifest_that_is_the_token_fails_the_project(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        var project = bench.Declare(Ana).Resolve();
        var word = project.Members[0].Access.Grants.Grants[0] with
        {
            Word = ContractBench.Token,
            Label = ContractBench.Token,
        };
        var declared = project with
        {
            Members = [project.Members[0] with { Access = new(Access.Of([word]), project.Members[0].Access.Fields) }],
        };

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync(declared));

        Assert.Equal(ProviderFault.Invalid, failure.Fault);
        Assert.DoesNotContain(ContractBench.Token, failure.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public async Task A_token_in_the_name_of_a_project_is_struck_out(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(
            vendor,
            (_, project) => project with { Name = $"Team {ContractBench.Token} & more" }
        );

        var place = Assert.Single(await bench.Directory!.ListAsync(TestContext.Current.CancellationToken));

        Assert.Equal("Team *** & more", place.Name);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public async Task A_token_in_an_error_message_is_struck_out(string vendor)
    {
        await using var bench = await ContractBench.StartAsync(vendor, ContractBench.Members(Ana));
        bench.Inject(
            new(FaultKind.Answer)
            {
                Status = 400,
                Content = $$"""{"error":"no such key {{ContractBench.Token}}"}""",
                Times = null,
            }
        );

        var failure = await Assert.ThrowsAsync<ProviderException>(() => bench.ReadAsync(bench.Declare(Ana).Resolve()));

        Assert.Contains("no such key ***", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> IsRefusedAsync(ContractBench bench, DesiredProject project)
    {
        try
        {
            var live = await bench.ReadAsync(project);
            // What is not read of an answer may hold anything.
            Assert.DoesNotContain(ContractBench.Token, Shown(live), StringComparison.OrdinalIgnoreCase);
            return false;
        }
        catch (ProviderException failure)
        {
            Assert.DoesNotContain(ContractBench.Token, failure.ToString(), StringComparison.OrdinalIgnoreCase);
            return true;
        }
    }

    private static string Shown(LiveProject live) =>
        string.Join(
            '\n',
            live.Members.Select(m => $"{m} {m.Access}")
                .Concat(live.Invitations.Select(i => $"{i} {i.Access}"))
                .Append(live.Name)
                .Concat(live.Addable)
        );

    private static bool IsText(string value) =>
        value.Length > 0 && !DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _);

    private static string Escaped(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));

    [GeneratedRegex(
        ":\\s*\"(?<value>[^\"\\\\]*)\"|[\\[,]\\s*\"(?<value>[^\"\\\\]*)\"(?!\\s*:)",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Values();
}
