using System.Text.Json;
using Reconciler.Testing.Hosts.Worker.Notifications;
using Reconciler.Worker.Notifications;

namespace Reconciler.Worker.Tests.Notifications;

public sealed class NotificationMessageTests
{
    private const string Digest = NotifierBench.Digest;

    private static readonly DateTimeOffset At = new(2026, 3, 2, 10, 0, 0, TimeSpan.FromHours(1));

    private static readonly WorkerEvent Held = new(
        WorkerEventKind.Held,
        "default/fraud-detection",
        "12 removals, 10 are allowed, among them ana@example.com",
        At
    )
    {
        Digest = Digest,
        Provider = "default/clarifeye-eu",
    };

    [Fact]
    public void A_held_plan_comes_with_its_fields_and_how_to_release_it()
    {
        var message = Message([Held]);

        Assert.Equal(
            ["text", "kind", "project", "provider", "digest", "message", "at", "hint"],
            message.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal(
            $"""
            *Held*: `default/fraud-detection` at `default/clarifeye-eu`
            `12 removals, 10 are allowed, among them a…(at)e…#1`
            Read the plan first. To release it once, add an Approval with the hold `{Digest}`, or run `reconciler apply --approve {Digest}`.
            """,
            Text(message)
        );
        Assert.Equal(
            ("held", "default/fraud-detection", "default/clarifeye-eu", Digest),
            (Of(message, "kind"), Of(message, "project"), Of(message, "provider"), Of(message, "digest"))
        );
        Assert.Equal("2026-03-02T09:00:00Z", Of(message, "at"));
        Assert.Equal("12 removals, 10 are allowed, among them a…(at)e…#1", Of(message, "message"));
        Assert.Contains($"an Approval with the hold {Digest}", Of(message, "hint"), StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_stand_in_a_message_only_where_its_target_asks_for_them()
    {
        var events = new[]
        {
            Held,
            Held with
            {
                Kind = WorkerEventKind.GaveUp,
                Digest = null,
                Message = "Ana <ANA@example.com> never accepted",
                Subject = "default/ana@example.com",
            },
        };

        Assert.DoesNotContain("@", NotificationText(events, showEmails: false), StringComparison.Ordinal);
        // One person, one number, however the address is written.
        Assert.DoesNotContain("#2", NotificationText(events, showEmails: false), StringComparison.Ordinal);
        Assert.Contains("ana@example.com", NotificationText(events, showEmails: true), StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_of_a_repository_is_nobodys()
    {
        var message = Message([
            new(
                WorkerEventKind.SourceFailing,
                "git@github.com:example/access.git",
                "bob@example.com signed nothing",
                At
            ),
        ]);

        Assert.Equal("git@github.com:example/access.git", Of(message, "project"));
        Assert.Equal("b…(at)e…#1 signed nothing", Of(message, "message"));
        Assert.Null(Of(message, "provider"));
        Assert.Null(Of(message, "digest"));
    }

    [Fact]
    public void Several_events_make_one_message_that_counts_what_it_has_no_room_for()
    {
        var events = Enumerable
            .Range(1, 25)
            .Select(i =>
                i <= 3
                    ? Held with
                    {
                        Subject = $"default/held-{i}",
                    }
                    : new WorkerEvent(WorkerEventKind.Failing, $"default/p-{i}", "HTTP 503", At)
            )
            .ToList();

        var message = Message(events);

        Assert.Equal(("digest", 25), (Of(message, "kind"), message.GetProperty("count").GetInt32()));
        Assert.Equal(NotificationMessage.MostShown, message.GetProperty("events").GetArrayLength());
        Assert.Equal("default/held-1", Of(message.GetProperty("events")[0], "project"));
        var lines = Text(message).Split('\n');
        Assert.Equal("25 more: 3 held, 22 failing", lines[0]);
        Assert.StartsWith(
            $"• *Held*: `default/held-1` at `default/clarifeye-eu`: `12 removals",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.EndsWith($"`{Digest}`", lines[1], StringComparison.Ordinal);
        Assert.Equal("• and 5 more: look at the status page or the logs", lines[21]);
        Assert.StartsWith("An Approval of its digest", lines[22], StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_tells_how_many_events_were_lost_before_it()
    {
        var message = Message([Held], lost: 7);

        Assert.Equal(7, message.GetProperty("lost").GetInt32());
        Assert.EndsWith(
            "7 events before this could not be told: look at the status page or the logs.",
            Text(message),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_hostile_name_and_message_stay_text()
    {
        var hostile = "<!channel> @here `x` <https://evil.example|open> \u001b[31m\n*bold*";
        var told = new WorkerEvent(WorkerEventKind.Failing, hostile, hostile, At) { Provider = hostile };

        foreach (
            var text in new[] { Text(Message([told], showEmails: true)), Text(Message([told, told], showEmails: true)) }
        )
        {
            Assert.DoesNotContain("<", text, StringComparison.Ordinal);
            Assert.DoesNotContain("@here", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\u001b", text, StringComparison.Ordinal);
            // Nothing of it stands outside of code.
            var outside = string.Concat(text.Split('`').Where((_, i) => i % 2 == 0));
            Assert.DoesNotContain("evil", outside, StringComparison.Ordinal);
            Assert.DoesNotContain("bold", outside, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_huge_message_stays_within_what_chats_take()
    {
        var told = new WorkerEvent(WorkerEventKind.Failing, new string('<', 100_000), new string('&', 100_000), At);

        // Slack cuts texts of more than 40,000 characters.
        Assert.InRange(Text(Message([told])).Length, 1_000, 40_000);
        Assert.InRange(Text(Message([.. Enumerable.Repeat(told, 500)])).Length, 1_000, 60_000);
    }

    private static JsonElement Message(IReadOnlyList<WorkerEvent> events, int lost = 0, bool showEmails = false) =>
        JsonDocument.Parse(NotificationMessage.Of(events, lost, showEmails)).RootElement;

    // All strings of the message, as a reader of the JSON gets them.
    private static string NotificationText(IReadOnlyList<WorkerEvent> events, bool showEmails) =>
        System.Text.RegularExpressions.Regex.Unescape(Message(events, 0, showEmails).GetRawText());

    private static string? Of(JsonElement message, string field) => message.GetProperty(field).GetString();

    private static string Text(JsonElement message) => Of(message, "text")!;
}
