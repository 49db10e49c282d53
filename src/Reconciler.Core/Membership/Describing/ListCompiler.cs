using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Membership.Describing;

/// <summary>Checks the lists of a definition: their paths, pages, pointers and conditions.</summary>
internal sealed class ListCompiler(VendorDefinitionSpec spec, AccessCompiler access, Problems problems)
{
    /// <summary>The placeholder of a project's id.</summary>
    public const string Project = "project";

    private static readonly string[] OfProject = [Project];

    public DescribedMembers Members()
    {
        var members = spec.Members;
        IdentityCheck.Members(spec, problems);
        var sources = Sources(members.Origin, members.Access);
        CheckSources(members.Origin, members.Access);
        var list = List(members, OfProject, mustNameProject: true);
        return new(list, Required(members, "id", members.Id), sources)
        {
            Where = Conditions(members.Where),
            Project = Optional(members, "project", members.Project),
            Person = Optional(members, "person", members.Person),
            Login = Optional(members, "login", members.Login),
            Email = Optional(members, "email", members.Email),
            Name = Optional(members, "name", members.Name),
            Parts = [.. (members.Parts ?? []).Select(p => Part(list, p))],
            Above = members.Above is null ? null : Above(list, members.Above),
            Machine = members.Machine is null ? null : Condition(members.Machine),
            Owner = members.Owner is null ? null : Condition(members.Owner),
        };
    }

    private DescribedPart Part(DescribedList list, MemberPartDefinition part)
    {
        var words = part.Access ?? new Dictionary<string, string>();
        if (part.Origin["access"] is MappingNode written)
        {
            foreach (var entry in written.Entries)
                access.CheckWord(entry);
            foreach (var field in access.Names.Where(f => !words.ContainsKey(f) && !access.IsEnd(f)))
                problems.Error(written, field, "is missing; expected the word that everybody in this part has");
        }

        return new(
            list with
            {
                Query = [.. list.Query, .. part.Query ?? new Dictionary<string, string>()],
            },
            words.ToImmutableDictionary(StringComparer.Ordinal)
        );
    }

    // The second list has the same items, so whatever it has no place for is as in the first.
    private DescribedList Above(DescribedList list, AboveDefinition above) =>
        list with
        {
            Path = above.Path is null
                ? list.Path
                : OfOneProject(PathCompiler.Compile(above.Path, above.Origin, OfProject, problems), above.Origin),
            Query = [.. above.Query ?? new Dictionary<string, string>()],
        };

    public DescribedInvitations? Invitations()
    {
        if (spec.Invitations is not { } list)
            return null;
        // Otherwise every run would replace every invitation, with a mail. An invitation's end is not compared.
        CheckSources(list.Origin, list.Access, access.IsEnd);
        IdentityCheck.Invitations(spec, list, problems);
        var waiting = List(list, OfProject, mustNameProject: true);
        return new(
            waiting,
            Required(list, "id", list.Id),
            Optional(list, "email", list.Email),
            Required(list, "createdAt", list.CreatedAt),
            list.Access is null ? Sources(MappingNode.None, spec.Members.Access) : Sources(list.Origin, list.Access)
        )
        {
            Login = Optional(list, "login", list.Login),
            Person = Optional(list, "person", list.Person),
            Pending = Conditions(list.Pending),
            Declined = Conditions(list.Declined),
            Expired = Conditions(list.Expired),
            Failed = list.Failed is null ? null : Failed(waiting, list.Failed),
            Over = Conditions(list.Over),
            InvitedBy = Optional(list, "invitedBy", list.InvitedBy),
        };
    }

    private DescribedFailed Failed(DescribedList waiting, FailedListDefinition failed) =>
        new(
            waiting with
            {
                Path = OfOneProject(
                    PathCompiler.Compile(failed.Path, failed.Origin, OfProject, problems),
                    failed.Origin
                ),
            },
            Optional(failed, "reason", failed.Reason),
            Conditions(failed.Over)
        );

    private void CheckSources(
        MappingNode owner,
        IReadOnlyDictionary<string, AccessSourceDefinition>? sources,
        Func<string, bool>? mayLack = null
    )
    {
        if (sources is null)
            return;
        foreach (var field in access.Names.Where(f => !sources.ContainsKey(f) && mayLack?.Invoke(f) != true))
            problems.Error(
                owner.At("access"),
                $"says nothing of {field}, so nobody could know who has it; expected where it is in an item"
            );
    }

    public DescribedProjects? Projects() =>
        spec.Projects is { } list
            ? new(List(list, [], false), Required(list, "id", list.Id), Optional(list, "name", list.Name))
            : null;

    public DescribedPeople? People() =>
        spec.People is { } list
            ? new(List(list, [], false), Required(list, "id", list.Id), Required(list, "email", list.Email))
            : null;

    public ImmutableDictionary<string, DescribedNames> Names() =>
        (spec.Names ?? new Dictionary<string, NameListDefinition>()).ToImmutableDictionary(
            n => n.Key,
            n => new DescribedNames(
                List(n.Value, OfProject, mustNameProject: false),
                Required(n.Value, "id", n.Value.Id),
                Required(n.Value, "name", n.Value.Name)
            ),
            StringComparer.Ordinal
        );

    public ImmutableArray<DescribedRefusal> Refusals() =>
        [
            .. (spec.Refusals ?? []).Select(r => new DescribedRefusal(
                r.Status,
                Required(r, "at", r.At),
                r.Is ?? "",
                r.Means
            )),
        ];

    public ImmutableArray<DescribedSource> Sources(
        MappingNode owner,
        IReadOnlyDictionary<string, AccessSourceDefinition>? sources
    )
    {
        if (owner["access"] is MappingNode written)
        {
            foreach (var entry in written.Entries.Where(e => !access.Names.Contains(e.Name)))
                problems.Error(
                    entry.Key,
                    $"is no field of spec.access; expected {ProblemText.List(access.Names)}"
                        + ProblemText.DidYouMean(entry.Name, access.Names)
                );
        }

        return
        [
            .. (sources ?? new Dictionary<string, AccessSourceDefinition>())
                .OrderBy(s => s.Key, StringComparer.Ordinal)
                .Select(s => Source(s.Key, s.Value)),
        ];
    }

    public ImmutableArray<JsonCondition> Conditions(IReadOnlyList<JsonConditionDefinition>? conditions) =>
        [.. (conditions ?? []).Select(Condition)];

    public JsonCondition Condition(JsonConditionDefinition condition)
    {
        foreach (
            var (field, values) in (ReadOnlySpan<(string, IReadOnlyList<string>?)>)
                [("is", condition.Is), ("not", condition.Not)]
        )
        {
            if (values?.Count == 0)
                problems.Error(condition.Origin.At(field), "names no value; expected at least one");
        }

        return new(Required(condition, "at", condition.At))
        {
            Is = [.. condition.Is ?? []],
            Not = [.. condition.Not ?? []],
            Present = condition.Present,
        };
    }

    /// <summary>Conditions that prove something: what is absent proves nothing.</summary>
    public ImmutableArray<JsonCondition> Proofs(
        ManifestPart owner,
        string field,
        IReadOnlyList<JsonConditionDefinition>? conditions
    )
    {
        if (conditions?.Count == 0)
            problems.Error(owner.Origin.At(field), "is empty, and proves nothing; expected at least one condition");
        foreach (var condition in (conditions ?? []).Where(c => c.Not is not null || c.Present == false))
            problems.Error(condition.Origin, "proves nothing where the value is absent; expected is, or present: true");
        return Conditions(conditions);
    }

    /// <summary>Whether some access may come from above.</summary>
    public bool MayInherit => spec.Members.Access?.Values.Any(s => s.Inherited is not null) == true;

    public JsonPointer? Optional(ManifestPart part, string field, string? text) =>
        text is null ? null : Pointer(part, field, text);

    public JsonPointer Pointer(ManifestPart part, string field, string text) => Pointer(part.Origin, field, text);

    public JsonPointer Pointer(MappingNode at, string field, string text)
    {
        if (JsonPointer.Parse(text) is { } pointer)
            return pointer;
        problems.Error(at.At(field), $"is {ProblemText.Quote(text)}; expected a JSON pointer such as /user/email");
        return JsonPointer.Whole;
    }

    // A required field that is missing was reported when the document was read.
    public JsonPointer Required(ManifestPart part, string field, string? text) =>
        text is null ? JsonPointer.Whole : Pointer(part, field, text);

    private DescribedSource Source(string field, AccessSourceDefinition source)
    {
        var looksUp = spec.Access.FirstOrDefault(f => f.Name == field)?.Names is not null;
        if (source is { Id: not null, Word: null } && !looksUp)
            problems.Error(
                source.Origin.At("id"),
                $"is an id, and spec.access has no list of names for {field}; expected word, or names there"
            );
        return new(field, Required(source, "at", source.At))
        {
            Word = Optional(source, "word", source.Word),
            Id = Optional(source, "id", source.Id),
            Inherited = source.Inherited is null ? null : Condition(source.Inherited),
        };
    }

    private DescribedList List(ListDefinition list, IReadOnlyCollection<string> placeholders, bool mustNameProject)
    {
        var path = PathCompiler.Compile(list.Path, list.Origin, placeholders, problems);
        return new(mustNameProject ? OfOneProject(path, list.Origin) : path, Required(list, "items", list.Items))
        {
            Query = [.. (list.Query ?? new Dictionary<string, string>())],
            Paging = list.Paging is null ? null : new PagingCompiler(this, problems).Compile(list, list.Paging),
        };
    }

    public ImmutableArray<TextTemplate> OfOneProject(ImmutableArray<TextTemplate> path, MappingNode at)
    {
        if (spec.Members.Project is not null)
            return path;
        if (!path.IsEmpty && !path.SelectMany(s => s.Names).Contains(Project))
            problems.Error(
                at.At("path"),
                "has no {project}, so that all projects would have the same people; expected it in the path"
            );
        return path;
    }
}
