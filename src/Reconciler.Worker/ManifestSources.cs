using Reconciler.Sources;
using Reconciler.Sources.Folders;
using Reconciler.Sources.Git;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>Makes the source that the settings name: a git repository or a folder.</summary>
internal static class ManifestSources
{
    /// <summary>Makes it; nothing is fetched yet.</summary>
    /// <param name="settings">Which source.</param>
    /// <param name="files">Where relative paths of the settings start.</param>
    /// <param name="clock">The time, for a followed folder.</param>
    public static IManifestSource Create(WorkerSettings settings, WorkerFiles files, TimeProvider clock)
    {
        var workFolder = WorkerDefaults.WorkFolderOf(settings, files.Folder);
        if (settings.Source.Git is not { } git)
            return new FolderSource(Full(settings.Source.Folder!.Path)!, workFolder, SourceLimits.Default, clock)
            {
                AllowsEmpty = settings.AllowEmpty ?? false,
            };
        return new GitSource(
            new(git.Url, workFolder)
            {
                Branch = git.Branch,
                Tag = git.Tag,
                Path = git.Path ?? ".",
                AllowsEmpty = settings.AllowEmpty ?? false,
                UserName = git.Username ?? WorkerDefaults.GitUser,
                TokenFile = Full(git.TokenFile),
                CaFile = Full(git.CaFile),
                SshKeyFile = Full(git.SshKeyFile),
                KnownHostsFile = Full(git.KnownHostsFile),
                VerifyKeys = Full(git.VerifyKeys),
            },
            // git runs in real time, whatever clock the worker is given.
            TimeProvider.System
        );

        string? Full(string? path) => path is null ? null : Path.GetFullPath(path, Path.GetFullPath(files.Folder));
    }
}
