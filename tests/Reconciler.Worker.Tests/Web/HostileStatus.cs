using Reconciler.Core.Manifests;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Testing.Reports;
using Reconciler.Worker.Web;

namespace Reconciler.Worker.Tests.Web;

/// <summary>A worker whose vendors, manifests and source write whatever could break a page.</summary>
internal static class HostileStatus
{
    public static WorkerStatus Of(HostileRun run)
    {
        var text = run.Sentence();
        var status = WorkerSample.Of([
            .. run.Plan()
                .Projects.Select(
                    (p, i) =>
                        WorkerSample.Passed(
                            p.Project with
                            {
                                ProjectId = text,
                                Declared = new(text, 1, 1),
                                Provider = p.Project.Provider with { Id = $"default/{text}" },
                            },
                            (ProjectState)(i % 6),
                            p
                        ) with
                        {
                            Error = text,
                            PassId = text,
                            Failures = i,
                            Result = p.Plan is { } plan
                                ? WorkerSample.ResultOf(plan) with
                                {
                                    NotRemembered = text,
                                }
                                : null,
                        }
                ),
        ]);
        var hostile = status with
        {
            Source = status.Source with
            {
                Origin = text,
                Revision = text,
                Failure = text,
                BrokenRevision = text,
                Problems =
                [
                    new(Severity.Error, new(text, 1, 1), text, text),
                    new(Severity.Warning, new(text, 1, 1), "", text),
                ],
            },
            Providers = [.. status.Providers.Select(p => p with { IsReachable = false, Error = text })],
        };
        return hostile.With(
            [
                .. status.Providers.Select(p => new AccountRight(
                    p.Provider.Vendor.Type,
                    p.Provider.BaseUrl.AbsoluteUri,
                    RightUse.Other,
                    new(text, 1, text, text, WorkerSample.Now)
                )),
            ],
            []
        );
    }

    /// <summary>Every page, where the reader writes such text, too.</summary>
    public static IEnumerable<(string Path, string Html)> Pages(WorkerStatus status, string asked)
    {
        var query = new StatusQuery("/") { Search = asked, State = asked };
        yield return (
            "/",
            new OverviewPage(status, query with { Search = "", State = "" }, WorkerSample.Now).Answer().Body
        );
        yield return ("/", new OverviewPage(status, query, WorkerSample.Now).Answer().Body);
        yield return (
            "/people",
            new PeoplePage(status, query with { Path = "/people", Search = "", State = "" }, WorkerSample.Now)
                .Answer()
                .Body
        );
        yield return (
            "/people",
            new PeoplePage(status, query with { Path = "/people" }, WorkerSample.Now).Answer().Body
        );
        foreach (var project in status.Projects)
            yield return (
                StatusQuery.Project(project.Project.Id),
                new ProjectPage(
                    project,
                    query with
                    {
                        Path = StatusQuery.Project(project.Project.Id),
                    },
                    WorkerSample.Now
                )
                    .Answer()
                    .Body
            );
    }
}
