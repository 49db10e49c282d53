using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;
using Reconciler.Testing.Core;

namespace Reconciler.Testing.Reports;

/// <summary>
/// One person of a hostile run: how they are there, and what stands before and after the middle of their address.
/// </summary>
public sealed record HostilePerson(string Before, string After, string Domain, int Case)
{
    /// <summary>A part of the address that stands nowhere else.</summary>
    public static string Middle(int i) => $"zq{i}secret";

    public string Address(int i) => $"{Before}{Middle(i)}{After}@{Domain}";
}

/// <summary>A generated run whose vendors and manifests write whatever could break a format.</summary>
public sealed record HostileRun(HostilePerson[] People, string[] Texts, int Projects)
{
    private const int Unread = 3;

    private static readonly string[] Pieces =
    [
        "",
        "a",
        "Bob",
        ".",
        "+x",
        "'",
        " ",
        "\n",
        "\r\n",
        "\u001b[31m",
        "\u202e",
        "|",
        "=cmd",
        ":",
        "::error::",
        "%0A",
        "%",
        "…",
        "`",
        "```",
        "~~~",
        "\\",
        "</details>",
        "</summary><script>",
        "<img src=x>",
        "![x](https://evil.example/x.png)",
        "[x](y)",
        "\"",
        "/",
        ",",
        ";",
        "{",
        "😀",
        "ß",
        "-->",
        "##[error]",
        "#1",
    ];

    public static Arbitrary<HostileRun> Any { get; } =
        Arb.From(
            from people in Gen.ArrayOf(Person()).Resize(6)
            from texts in Gen.ArrayOf(
                    Gen.Elements([.. Pieces, "@everyone", "@", "&#64;x", "a%40b.example", "x\uff20y"])
                )
                .Resize(8)
            from projects in Gen.Choose(1, 4)
            select new HostileRun(people, texts, projects),
            run =>
                Enumerable
                    .Range(0, run.People.Length)
                    .Select(i => run with { People = [.. run.People.Where((_, n) => n != i)] })
        );

    public RunPlan Plan() =>
        new([.. Enumerable.Range(0, Projects).Select(Project)], World.Now, HasOwnershipRecord: false);

    /// <summary>
    /// The people of projects that were read; of the last of four nothing is known but what its failure says.
    /// </summary>
    public IEnumerable<int> Known => Enumerable.Range(0, People.Length).Where(i => i % Projects != Unread);

    public override string ToString() =>
        $"{Projects} projects\n{string.Join('\n', People.Select((p, i) => $"  {p.Case}: {p.Address(i)}"))}\n  {string.Join(" | ", Texts)}";

    private static Gen<HostilePerson> Person() =>
        from before in Gen.Elements(Pieces)
        from after in Gen.Elements(Pieces)
        from domain in Gen.Elements("x.example", "X.Example", "sub.x.example", "localhost", "münchen.example")
        from number in Gen.Choose(0, 5)
        select new HostilePerson(before, after, domain, number);

    private PlannedProject Project(int number)
    {
        var world = new World().Named($"project-{number}").Prune(PrunePolicy.All);
        foreach (var (person, i) in People.Select((p, i) => (p, i)).Where(x => x.i % Projects == number))
            Add(world, person, person.Address(i));
        var text = Sentence();
        var plan = world.Plan();
        if (number == Unread)
            return new(world.Desired, null, new ProviderException(ProviderFault.Refused, text));
        return new(
            world.Desired,
            plan with
            {
                Live = plan.Live with { Name = text },
                Actions =
                [
                    .. plan.Actions.Select(a =>
                        a with
                        {
                            Reason = $"{a.Reason}: {text}",
                            Note = "a note",
                            Declared = [new($"people/{text}.yaml", 3, 4)],
                            Added = Named(text),
                        }
                    ),
                ],
                Findings = [.. plan.Findings.Select(f => f with { Message = $"{f.Message} {text}" })],
                Holds = number == 1 ? [new(HoldScope.Plan, text) { Limit = "a limit" }] : [],
                Digest = PlanDigest.Of(plan),
            },
            null
        );
    }

    /// <summary>Every address in the ways in which texts have them, between what could break a format.</summary>
    public string Sentence() =>
        string.Concat(
            Texts.Concat(
                People.Select(
                    (p, i) =>
                        (p.Case % 4) switch
                        {
                            0 => $" {p.Address(i)} ",
                            1 => $"{{\"email\":{System.Text.Json.JsonSerializer.Serialize(p.Address(i))}}}",
                            2 => $" /users/{Uri.EscapeDataString(p.Address(i))}/ ",
                            _ => $" is {ProblemText.Quote(p.Address(i))};",
                        }
                )
            )
        );

    private static Access Named(string text) => Access.Of([new("groups", text, text)]);

    private static void Add(World world, HostilePerson person, string address)
    {
        _ = person.Case switch
        {
            0 => world.Member(address, "read"),
            1 => world.Pending(address, "read"),
            2 => world.Declined(address, "read"),
            3 when Reconciler.Core.Manifests.Values.EmailAddress.Parse(address) is not null => world.Declare(
                address,
                "read"
            ),
            4 when Reconciler.Core.Manifests.Values.EmailAddress.Parse(address) is not null => world
                .Declare(address, "write")
                .Member(address, "read"),
            _ => world.Member(address, "admin"),
        };
    }
}
