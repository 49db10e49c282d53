using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.Described;

/// <summary>Loads a described vendor's state from a seed, and tells every problem of it with its line.</summary>
internal sealed class DescribedSeed
{
    private readonly ConnectionSeed seed;
    private readonly DescribedWorld world;
    private readonly List<string> problems = [];
    private readonly HashSet<string> memberIds = new(StringComparer.Ordinal);
    private readonly HashSet<(string Project, string Kind, string Email)> seen = [];

    private DescribedSeed(ConnectionSeed seed, DescribedWorld world) => (this.seed, this.world) = (seed, world);

    /// <summary>Loads the state.</summary>
    /// <exception cref="SandboxException">The seed does not fit the definition.</exception>
    public static void Load(ConnectionSeed seed, DescribedWorld world)
    {
        var loading = new DescribedSeed(seed, world);
        loading.Reserve();
        loading.People();
        foreach (var project in seed.Projects)
            loading.Project(project);
        if (world.Api.Members.Project is not null && seed.Projects.Length > 1)
            loading.Problem(
                seed.Projects[1].Line,
                "the definition's token belongs to one project, so a connection has one"
            );
        if (loading.problems.Count > 0)
            throw new SandboxException(string.Join('\n', loading.problems));
    }

    /// <summary>Checks access against the definition; gives ids to names that have none yet.</summary>
    /// <param name="access">The access.</param>
    /// <param name="world">The vendor.</param>
    /// <param name="where">Whose access it is, for problems.</param>
    /// <param name="problem">Gets every problem found.</param>
    public static SandboxAccess Access(SandboxAccess access, DescribedWorld world, string where, Action<string> problem)
    {
        foreach (var name in access.Names)
        {
            if (world.Vendor.Access.End is { } end && end.Name == name)
            {
                if (access[name] is not [var day] || !AccessEnd.IsDay(day))
                    problem($"{where}: access.{name} must be a day such as 2026-12-31");
                continue;
            }

            if (world.Vendor.Access.Field(name) is not { } field)
            {
                var known = string.Join(", ", world.Api.Fields.Keys.Order(StringComparer.Ordinal));
                problem($"{where}: access.{name}: the definition has no such field; known: {known}");
                continue;
            }

            if (field.Form != AccessForm.Words && access[name].Length > 1)
                problem($"{where}: access.{name} must be one value");
            foreach (var word in access[name])
                Word(field, word, world, $"{where}: access.{name}", problem);
        }

        return access;
    }

    private static void Word(AccessField field, string word, DescribedWorld world, string where, Action<string> problem)
    {
        if (field.Form == AccessForm.Flag)
        {
            if (word is not ("true" or "false"))
                problem($"{where} must be true or false");
        }
        else if (!field.Open && !field.Known.Contains(word))
        {
            problem($"{where}: unknown '{word}'; known: {string.Join(", ", field.Known)}");
        }
        else if (world.Api.Fields[field.Name].Names is { } list)
        {
            world.Names.Add(list, word);
        }
    }

    // No generated id may be one that the seed gives, so names come first of all.
    private void Reserve()
    {
        var given = seed
            .People.Select(p => p.Id)
            .Concat(seed.Projects.SelectMany(p => p.Members).Select(m => m.Id))
            .Concat(seed.Projects.SelectMany(p => p.Invitations).Select(i => i.Id))
            .Concat(seed.Names.Select(n => n.Id));
        foreach (var id in given.OfType<string>())
            world.Reserve(id);
        foreach (var name in seed.Names)
        {
            if (!world.Names.Has(name.List))
                Problem(name.Line, $"names: the definition has no list '{name.List}'");
            else if (world.Names.Of(name.List).Any(n => n.Name == name.Name || n.Id == name.Id))
                Problem(name.Line, $"names: {name.List}: '{name.Name}' or its id {name.Id} is there twice");
            else
                world.Names.Add(name.List, name.Name, name.Id);
        }

        // Without names in the seed, the vendor has the words that the definition knows.
        foreach (var field in world.Vendor.Access.Fields)
        {
            if (world.Api.Fields[field.Name].Names is not { } list || seed.Names.Any(n => n.List == list))
                continue;
            foreach (var word in field.Known)
                world.Names.Add(list, word);
        }
    }

    private void People()
    {
        foreach (var person in seed.People)
        {
            Address(person.Line, "people", person.Email);
            if (world.IsRegistered(person.Email))
                Problem(person.Line, $"people: {person.Email} is there twice");
            else if (person.Id is { } id && world.Account(id) is not null)
                Problem(person.Line, $"people: two people have the id {id}");
            else
                world.Register(person.Email, person.Id, person.Name);
        }
    }

    private void Project(SeedProject project)
    {
        var where = $"project {project.Id}";
        if (world.Project(project.Id) is not null)
            Problem(project.Line, $"{where} is there twice");
        if (world.Vendor.ProblemOfProject(project.Id) is { } problem)
            Problem(project.Line, $"{where}: the id {problem}");
        var made = new DescribedProject(project.Id, project.Name ?? project.Id, project.Forbidden);
        world.Add(made);
        foreach (var member in project.Members)
            Member(made, member, $"{where}, member {member.Email}");
        if (world.Api.Invitations is null && !project.Invitations.IsEmpty)
            Problem(project.Invitations[0].Line, $"{where}: invitations: the definition has no invitations");
        foreach (var invitation in world.Api.Invitations is null ? [] : project.Invitations)
            Invitation(made, invitation, $"{where}, invitation {invitation.Email}");
    }

    private void Member(DescribedProject project, SeedMember member, string where)
    {
        Address(member.Line, where, member.Email);
        if (!seen.Add((project.Id, "member", member.Email.ToUpperInvariant())))
            Problem(member.Line, $"{where} is there twice");
        if (member.Machine && world.Api.Members.Machine is null)
            Problem(member.Line, $"{where}: machine: the definition knows no machine accounts");
        if (member.Owner && world.Api.Members.Owner is null)
            Problem(member.Line, $"{where}: owner: the definition knows no owner");
        foreach (var name in member.Inherited.Names.Where(n => !MayInherit(n)))
            Problem(member.Line, $"{where}: inherited.{name}: the definition has nothing inherited there");
        var account = world.Register(member.Email);
        var fixedId = world.MemberId(account);
        if (fixedId is not null && member.Id is not null)
            Problem(member.Line, $"{where}: id: the definition has the person's own id in its place");
        if (member.Id is { } id && !memberIds.Add(id))
            Problem(member.Line, $"{where}: id: another member has {id}");
        project.Members.Add(
            new(fixedId ?? member.Id ?? world.NextId(), account)
            {
                Access = Access(member.Access, world, where, p => Problem(member.Line, p)),
                Inherited = Access(member.Inherited, world, where, p => Problem(member.Line, p)),
                IsMachine = member.Machine,
                IsOwner = member.Owner,
            }
        );
    }

    private void Invitation(DescribedProject project, SeedInvitation invitation, string where)
    {
        Address(invitation.Line, where, invitation.Email, world.Api.Invitations!.Email is not null);
        var status = DescribedInvitation.Statuses.FirstOrDefault(s =>
            s.Equals(invitation.Status, StringComparison.OrdinalIgnoreCase)
        );
        if (status is null)
            Problem(
                invitation.Line,
                $"{where}: status: unknown '{invitation.Status}'; "
                    + $"known: {string.Join(", ", DescribedInvitation.Statuses)}"
            );
        if (
            status == DescribedInvitation.Pending
            && !seen.Add((project.Id, status, invitation.Email.ToUpperInvariant()))
        )
            Problem(invitation.Line, $"{where} is there twice");
        project.Invitations.Add(
            new(
                world.InvitationId(invitation.Email) ?? invitation.Id ?? world.NextId(),
                invitation.Email,
                invitation.CreatedAt ?? world.Now
            )
            {
                Access = Access(invitation.Access, world, where, p => Problem(invitation.Line, p)),
                Status = status ?? DescribedInvitation.Pending,
            }
        );
    }

    private bool MayInherit(string field) =>
        world.Api.Members.Above is not null
        || world.Api.Members.Access.Any(s => s.Field == field && s.Inherited is not null);

    private void Address(int line, string where, string email, bool mayBeAddress = false)
    {
        if (world.Vendor.Logins is null)
        {
            if (!Http.EmailAddress.Fits(email))
                Problem(line, $"{where}: email: '{email}' is no address");
        }
        else if (!Login.IsUsable(email) && !(mayBeAddress && Http.EmailAddress.Fits(email)))
        {
            Problem(line, $"{where}: login: '{email}' is no login");
        }
    }

    // A seed that was made in C# has no lines.
    private void Problem(int line, string message) => problems.Add(line == 0 ? message : $"line {line}: {message}");
}
