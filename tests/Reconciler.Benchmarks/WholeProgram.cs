using System.Globalization;
using System.Text;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.State;

namespace Reconciler.Benchmarks;

/// <summary>
/// The built program as a process of its own, against the sandbox in this one: validate, plan and apply, each beside a
/// loop that sends the same requests. RECONCILER_TEST_PROGRAM names another build of it, such as the native one.
/// </summary>
internal static class WholeProgram
{
    private const string Connection = "clarifeye-eu";
    private const int Members = 50;
    private static readonly int Runs = Environment.GetEnvironmentVariable("RECONCILER_BENCHMARK_RUNS") is { } runs
        ? int.Parse(runs, CultureInfo.InvariantCulture)
        : 5;

    private static readonly string Program =
        Environment.GetEnvironmentVariable("RECONCILER_TEST_PROGRAM")
        ?? Path.Combine(AppContext.BaseDirectory, "reconciler");

    /// <summary>Measures what it costs to begin at all.</summary>
    public static async Task StartAsync()
    {
        using var folder = new Folder();
        var cost = await ChildRun.MedianAsync(Runs, () => ChildRun.OnceAsync(Program, ["--version"], folder.Path));
        Console.WriteLine($"{"--version", -34} {cost}");
    }

    /// <summary>Measures the validation of 10,000, 50,000 and 500,000 entries.</summary>
    public static async Task ValidateAsync()
    {
        using var folder = new Folder();
        foreach (var projects in new[] { 200, 1000, 10_000 })
        {
            var manifests = Write(folder.Path, projects);
            var cost = await ChildRun.MedianAsync(
                Runs,
                () => ChildRun.OnceAsync(Program, ["validate", manifests], manifests)
            );
            var entries = projects * Members;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{$"validate, {entries} entries", -34} {cost}; "
                        + $"{entries / cost.Cpu.TotalSeconds:0} entries a CPU second"
                )
            );
        }
    }

    /// <summary>Measures a plan that finds no change.</summary>
    public static async Task PlanAsync(int projects)
    {
        using var folder = new Folder();
        var manifests = Write(folder.Path, projects);
        await using var sandbox = await StartAsync(projects, areMembers: true);
        string[] words = ["plan", manifests, .. Runner(sandbox)];
        await ChildRun.OnceAsync(Program, words, folder.Path);
        var requests = Record(sandbox, folder.Path);
        await CompareAsync(
            requests,
            () => LoopAsync(folder.Path),
            ($"plan, no change, {projects} × {Members}", () => ChildRun.OnceAsync(Program, words, folder.Path))
        );
    }

    /// <summary>
    /// Measures an apply that invites everybody, with its state in a file and in PostgreSQL on the same machine.
    /// </summary>
    public static async Task ApplyAsync(int projects)
    {
        using var temporary = new Folder();
        var folder = temporary.Path;
        var manifests = Write(folder, projects);
        var requests = 0;
        await using (var sandbox = await StartAsync(projects, areMembers: false))
        {
            await ChildRun.OnceAsync(Program, Words(sandbox), folder);
            requests = Record(sandbox, folder);
        }

        using var database = PostgresProcess.IsInstalled ? new PostgresProcess(isDurable: true) : null;
        var schemas = 0;
        var places = new List<(string Name, Func<Task<ChildCost>> Run)>
        {
            ($"apply, {projects * Members} invitations, file", () => RunAsync(Words)),
        };
        if (database is not null)
            places.Add(
                (
                    $"apply, {projects * Members} invitations, PostgreSQL",
                    () => RunAsync(sandbox => WordsWith(sandbox, database.Url($"s{++schemas}")))
                )
            );
        else
            Console.WriteLine("PostgreSQL is not installed: only the file is measured");
        await CompareAsync(
            requests,
            async () =>
            {
                await using var sandbox = await StartAsync(projects, areMembers: false);
                Rebase(folder, sandbox);
                return await LoopAsync(folder);
            },
            [.. places]
        );

        async Task<ChildCost> RunAsync(Func<SandboxServer, string[]> words)
        {
            await using var sandbox = await StartAsync(projects, areMembers: false);
            return await ChildRun.OnceAsync(Program, words(sandbox), folder);
        }

        string[] Words(SandboxServer sandbox)
        {
            foreach (var old in Directory.GetFiles(folder, "state.db*"))
                File.Delete(old);
            return WordsWith(sandbox, Path.Combine(folder, "state.db"));
        }

        string[] WordsWith(SandboxServer sandbox, string state) =>
            ["apply", manifests, "--yes", "--state", state, .. Runner(sandbox)];
    }

    /// <summary>
    /// Measures a worker that finds nothing to change, looking at every project once a minute: with its state in a
    /// file, and with it in PostgreSQL, where it also counts statements and bytes.
    /// </summary>
    public static async Task WorkerAsync(int projects)
    {
        using var folder = new Folder();
        await WorkerAsync(projects, folder.Path, Path.Combine(folder.Path, "state.db"), null);
        if (!PostgresProcess.IsInstalled)
            return;
        using var database = new PostgresProcess(isDurable: true);
        using var proxy = new StatementProxy(database.Port);
        await WorkerAsync(projects, folder.Path, database.Url("reconciler", port: proxy.Port), proxy);
    }

    private static async Task WorkerAsync(int projects, string folder, string state, StatementProxy? proxy)
    {
        var manifests = Write(folder, projects, "interval: 1m");
        await using var sandbox = await StartAsync(projects, areMembers: true);
        string[] words =
        [
            "worker",
            "--follow",
            manifests,
            "--state",
            state,
            "--listen",
            "off",
            "--set",
            $"baseUrls={Connection}={sandbox.BaseUrl(Connection)}",
        ];
        var rounds = await SteadyWorker.RunAsync(
            Program,
            words,
            Directory.CreateDirectory(Path.Combine(folder, proxy is null ? "file" : "server")).FullName,
            sandbox,
            requests: projects * 2,
            () => _ = proxy?.StopAt(null)
        );
        if (proxy is not null)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{"  with PostgreSQL", -34} {(double)proxy.Seen.Length / rounds / projects:0.00} statements and "
                        + $"{proxy.Bytes / rounds / projects} bytes a project and round"
                )
            );
    }

    /// <summary>
    /// Counts what a plan without changes and an apply that invites everybody cost, in requests and bytes.
    /// </summary>
    public static async Task<(int Plan, int Apply, long State)> CountAsync(int projects)
    {
        using var folder = new Folder();
        var manifests = Write(folder.Path, projects);
        var state = Path.Combine(folder.Path, "state.db");
        await using var full = await StartAsync(projects, areMembers: true);
        await ChildRun.OnceAsync(Program, ["plan", manifests, .. Runner(full)], folder.Path);
        await using var empty = await StartAsync(projects, areMembers: false);
        await ChildRun.OnceAsync(
            Program,
            ["apply", manifests, "--yes", "--state", state, .. Runner(empty)],
            folder.Path
        );
        return (full.Requests.Length, empty.Requests.Length, new FileInfo(state).Length);
    }

    // One after the other, so that what disturbs the machine disturbs all.
    private static async Task CompareAsync(
        int requests,
        Func<Task<ChildCost>> loop,
        params (string Name, Func<Task<ChildCost>> Run)[] programs
    )
    {
        var loops = new List<ChildCost>();
        var costs = programs.Select(_ => new List<ChildCost>()).ToArray();
        for (var i = 0; i < Runs; i++)
        {
            loops.Add(await loop());
            for (var p = 0; p < programs.Length; p++)
                costs[p].Add(await programs[p].Run());
        }

        var bare = Median(loops);
        Console.WriteLine($"{"the bare loop", -42} {bare}; {requests} requests");
        foreach (var (program, cost) in programs.Zip(costs, (p, c) => (p, Median(c))))
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{program.Name, -42} {cost}; {cost.Wall / bare.Wall:0.00}× the time of the loop on the wall, "
                        + $"{cost.Cpu / bare.Cpu:0.0}× its CPU"
                )
            );
    }

    private static ChildCost Median(List<ChildCost> costs) => costs.OrderBy(c => c.Wall).ElementAt(costs.Count / 2);

    private static Task<ChildCost> LoopAsync(string folder) =>
        ChildRun.OnceAsync(
            Path.Combine(AppContext.BaseDirectory, "Reconciler.Benchmarks"),
            ["bare-loop", Path.Combine(folder, "requests.txt")],
            folder
        );

    private static int Record(SandboxServer sandbox, string folder)
    {
        var requests = sandbox.Requests;
        File.WriteAllLines(
            Path.Combine(folder, "requests.txt"),
            requests.Select(r => $"{r.Method}\t{sandbox.Url}{r.Target}\t{r.Body.Replace('\n', ' ')}")
        );
        return requests.Length;
    }

    // Each sandbox has a port of its own.
    private static void Rebase(string folder, SandboxServer sandbox)
    {
        var file = Path.Combine(folder, "requests.txt");
        var lines = File.ReadAllLines(file).Select(l => l.Split('\t'));
        File.WriteAllLines(file, [.. lines.Select(p => $"{p[0]}\t{sandbox.Url}{new Uri(p[1]).PathAndQuery}\t{p[2]}")]);
    }

    private static async Task<SandboxServer> StartAsync(int projects, bool areMembers)
    {
        var access = SandboxAccess.Permissions("CAN_VIEW_DATA");
        var sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new()
                {
                    Projects =
                    [
                        .. Enumerable
                            .Range(0, projects)
                            .Select(p => new SeedProject(Id(p), Connection)
                            {
                                Members = areMembers
                                    ?
                                    [
                                        .. Enumerable
                                            .Range(0, Members)
                                            .Select(m => new SeedMember(Address(p, m), access)),
                                    ]
                                    : [],
                            }),
                    ],
                },
            }
        );
        sandbox.Inject(Fault.Latency(TimeSpan.FromMilliseconds(5)));
        return sandbox;
    }

    private static string[] Runner(SandboxServer sandbox) =>
        ["--base-url", $"{Connection}={sandbox.BaseUrl(Connection)}", "--max-removals", "none"];

    private static string Write(string folder, int projects, string defaults = "interval: 10m")
    {
        var manifests = Path.Combine(folder, $"manifests-{projects}");
        if (Directory.Exists(manifests))
            return manifests;
        Directory.CreateDirectory(manifests);
        File.WriteAllText(
            Path.Combine(manifests, "provider.yaml"),
            $$$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{{Connection}}}} }
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              actingAs: bot@example.com
              credentials: {token: {env: RECONCILER_BENCHMARK_TOKEN}}
              defaults: { {{{{defaults}}}} }
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessRole
            metadata: {name: analyst}
            spec: {access: {clarifeye: {permissions: [CAN_VIEW_DATA]}}}

            """
        );
        for (var p = 0; p < projects; p++)
            File.WriteAllText(Path.Combine(manifests, $"p{p}.yaml"), Membership(p));
        return manifests;
    }

    private static string Membership(int project)
    {
        var text = new StringBuilder(
            $$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: { name: p-{{project}} }
            spec:
              provider: {{Connection}}
              projectId: {{Id(project)}}
              members:

            """
        );
        for (var m = 0; m < Members; m++)
            text.Append(CultureInfo.InvariantCulture, $"  - {{email: {Address(project, m)}, role: analyst}}\n");
        return text.ToString();
    }

    private static string Id(int project) =>
        string.Create(CultureInfo.InvariantCulture, $"3c90c3cc-0d44-4b50-8888-{project:000000000000}");

    private static string Address(int project, int member) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"person-{((project * 7) + (member * 13)) % 5000:0000}@example.com"
        );
}
