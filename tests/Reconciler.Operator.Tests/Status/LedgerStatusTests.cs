using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Tests.Status;

/// <summary>The ledger in a status, written and read back.</summary>
public sealed class LedgerStatusTests
{
    private static readonly ProjectKey Project = new("clarifeye", "https://api.clarifeye.example/", "p-7");

    [Property(MaxTest = 500)]
    public void What_is_written_is_read_back_to_the_second(ProjectLedger ledger)
    {
        var read = LedgerStatus.Read(Project, Parsed(LedgerStatus.Write(new(Project, ledger))));
        Assert.Equal(ledger with { People = [.. ledger.People.Select(ToTheSecond)] }, read.Ledger);
    }

    [Property(MaxTest = 500)]
    public void What_was_read_is_written_as_it_stands_there_so_that_no_patch_is_made_for_nothing(ProjectLedger ledger)
    {
        // Intents and beliefs are left out, since packing the same writes again may give other bytes.
        var before = LedgerStatus.Write(new(Project, ledger with { Intents = [], Believed = [] }));
        Assert.Empty(MergePatch.Between(before, LedgerStatus.Write(LedgerStatus.Read(Project, Parsed(before)))));
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0, false)]
    [InlineData(2, 1, true)]
    public void Nobody_is_invited_who_could_not_be_remembered_afterwards(int joining, int leaving, bool fits)
    {
        ImmutableArray<PersonRecord> people =
        [
            .. Enumerable.Range(0, 4_999).Select(i => new PersonRecord($"p{i}@example.com")),
        ];
        var intents = Enumerable
            .Range(0, joining)
            .Select(i => Intent(ActionKind.Invite, $"q{i}@example.com"))
            .Concat(Enumerable.Range(0, leaving).Select(i => Intent(ActionKind.Remove, $"p{i}@example.com")));
        var slot = new ProjectLedgerEntry(
            Project,
            ProjectLedger.Empty with
            {
                People = people,
                Intents = [.. intents],
            }
        );

        if (fits)
            Assert.NotNull(LedgerStatus.Write(slot));
        else
            Assert.Contains(
                "5001 people",
                Assert.Throws<LedgerException>(() => LedgerStatus.Write(slot)).Message,
                StringComparison.Ordinal
            );

        static WriteIntent Intent(ActionKind kind, string email) =>
            new(kind, email, email, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("""{"source":"Ledger","inventory":[{"email":null,"state":"Known"}]}""")]
    [InlineData("""{"source":"Ledger","inventory":[{"email":"a@x.example","state":"7"}]}""")]
    [InlineData("""{"source":"7"}""")]
    [InlineData("""{"source":"Ledger","accesses":[{"grants":[null]}]}""")]
    [InlineData("""{"source":"Ledger","released":[null]}""")]
    [InlineData("""{"source":"Ledger","removals":[{"count":1}]}""")]
    public void A_ledger_without_a_part_cannot_be_read(string json) =>
        Assert.Throws<JsonException>(() => LedgerStatus.Read(Project, JsonElement.Parse(json)));

    [Fact]
    public void Removals_outlive_the_people()
    {
        var slot = new ProjectLedgerEntry(Project, null)
        {
            Removals = [new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), 3)],
        };

        var read = LedgerStatus.Read(Project, Parsed(LedgerStatus.Write(slot)));

        Assert.Null(read.Ledger);
        Assert.Equal(slot.Removals, read.Removals);
    }

    private static JsonElement Parsed(JsonObject status) => JsonDocument.Parse(status.ToJsonString()).RootElement;

    // A status keeps times to the second, and the number of repeats only beside the change that is repeated.
    private static PersonRecord ToTheSecond(PersonRecord person) =>
        person with
        {
            InvitedAt = Whole(person.InvitedAt),
            SentAt = Whole(person.SentAt),
            SeenAt = Whole(person.SeenAt),
            Resends = person.Resends,
            Repeats = person.Change is null ? 0 : person.Repeats,
        };

    private static DateTimeOffset? Whole(DateTimeOffset? at) =>
        at is { } time
            ? new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero)
            : null;
}
