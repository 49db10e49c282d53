using System.Text.Json;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Testing.Telemetry;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>Who works on which account of a state that many share.</summary>
public sealed partial class StatusListenerTests
{
    private static readonly Holder Somebody = new("worker", 17, "host-2", "ana", WorkerSample.Now.AddMinutes(-3));

    [Theory]
    [InlineData(nameof(RightUse.Own), "this worker process 17 of ana on host-2, since 3 min ago")]
    [InlineData(nameof(RightUse.Other), "another worker process 17 of ana on host-2, since 3 min ago")]
    [InlineData(nameof(RightUse.GivenBack), "nobody now last: worker, process 17 of ana on host-2, until 2 min ago")]
    [InlineData(
        nameof(RightUse.Abandoned),
        "nobody now last: worker, process 17 of ana on host-2, which ended without giving the right back; it had it "
            + "since 3 min ago"
    )]
    public async Task The_page_says_who_may_write_to_an_account_or_did_last(string named, string expected)
    {
        var use = Enum.Parse<RightUse>(named);
        Hold(use, use == RightUse.GivenBack ? Somebody with { Until = WorkerSample.Now.AddMinutes(-2) } : Somebody);
        Assert.Contains(expected, await TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_apply_is_no_worker_and_a_process_that_just_came_has_no_name()
    {
        Hold(RightUse.Other, Somebody with { Verb = "apply" });
        Assert.Contains("another process apply, process 17 of ana", await TextAsync("/"), StringComparison.Ordinal);
        Hold(RightUse.Other, null);
        Assert.Contains("another process", await TextAsync("/"), StringComparison.Ordinal);
        _worker.Status = WorkerSample.Status().With([], []);
        Assert.Contains("nobody yet", await TextAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_state_is_a_file_nobody_else_can_write_and_nothing_is_said()
    {
        Assert.DoesNotContain("Who writes", await TextAsync("/"), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(StatusDocument.Of(_worker.Status, WorkerSample.Now).ToJson());
        Assert.Equal(
            JsonValueKind.Null,
            document.RootElement.GetProperty("providers")[0].GetProperty("right").ValueKind
        );
    }

    [Fact]
    public void The_json_and_the_metric_say_the_same()
    {
        Hold(RightUse.Own, Somebody);
        using var document = JsonDocument.Parse(StatusDocument.Of(_worker.Status, WorkerSample.Now).ToJson());
        var right = document.RootElement.GetProperty("providers")[0].GetProperty("right");
        Assert.Equal("own", right.GetProperty("state").GetString());
        Assert.Equal("host-2", right.GetProperty("host").GetString());
        Assert.Equal(17, right.GetProperty("process").GetInt32());
        Assert.Equal(WorkerSample.Now.AddMinutes(-3), right.GetProperty("since").GetDateTimeOffset());
        Assert.Equal([1, 1], Measured());
        Hold(RightUse.Other, Somebody);
        Assert.Equal([0, 0], Measured());
        _worker.Status = WorkerSample.Status().With(null, []);
        Assert.Empty(Measured());
    }

    [Fact]
    public async Task What_another_worker_reconciles_is_neither_judged_nor_counted_here()
    {
        Assert.NotEqual(0, Gauge("reconciler_plans_held"));
        Assert.NotEqual(0, Gauge("reconciler_oldest_pass_age_seconds"));
        Hold(RightUse.Other, Somebody, isOthers: true);
        var page = await TextAsync("/");
        Assert.Contains("Other workers reconcile every project", page, StringComparison.Ordinal);
        Assert.DoesNotContain("unreachable", page, StringComparison.Ordinal);
        Assert.All(_worker.Status.Projects, p => Assert.Equal((ProjectState.Elsewhere, null), (p.State, p.Planned)));
        Assert.Equal(0, Gauge("reconciler_plans_held"));
        Assert.Equal(0, Gauge("reconciler_oldest_pass_age_seconds"));
        Assert.Equal(_worker.Status.Projects.Length, Gauge("reconciler_projects", "elsewhere"));
        var ready = Readiness.Of(_worker.Status with { BeatAt = WorkerSample.Now }, WorkerSample.Now);
        Assert.True(ready.Status == 200, ready.Body);
        Assert.Contains("another worker", ready.Body, StringComparison.Ordinal);
        // While an apply has the right, its worker is still the other one.
        Hold(RightUse.Other, Somebody with { Verb = "apply" }, isOthers: true);
        Assert.All(_worker.Status.Projects, p => Assert.Equal(ProjectState.Elsewhere, p.State));
        Hold(RightUse.Other, Somebody with { Verb = "apply" });
        Assert.DoesNotContain(_worker.Status.Projects, p => p.State == ProjectState.Elsewhere);
    }

    private double Gauge(string name, string state = "")
    {
        using var metrics = new ReconcilerMetrics();
        ReconcileGauges.Observe(metrics, () => _worker.Status, TimeProvider.System);
        return metrics
            .ToPrometheusText()
            .Split('\n')
            .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Contains(state, StringComparison.Ordinal))
            .Sum(l => double.Parse(l.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private double[] Measured()
    {
        using var metrics = new ReconcilerMetrics();
        WorkerGauges.Observe(metrics, () => _worker.Status);
        return
        [
            .. metrics
                .ToPrometheusText()
                .Split('\n')
                .Where(l => l.StartsWith("reconciler_account_right{", StringComparison.Ordinal))
                .Select(l => double.Parse(l.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }

    // Both providers of the sample have one account.
    private void Hold(RightUse use, Holder? holder, bool isOthers = false)
    {
        var status = WorkerSample.Status();
        var provider = status.Providers[0].Provider;
        var account = (provider.Vendor.Type, provider.BaseUrl.AbsoluteUri);
        _worker.Status = status.With([new(account.Type, account.AbsoluteUri, use, holder)], isOthers ? [account] : []);
    }
}
