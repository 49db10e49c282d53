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
        if (members.Email is null && spec.People is null)
            problems.Error(
                members.Origin,
                "email",
                "is missing; expected a JSON pointer, or spec.people, where the list of members has no addresses"
            );
        if (members.Person is null && spec.People is not null && members.Email is null)
            problems.Error(
                members.Origin,
                "person",
                "is missing; expected where the person's id is, by which spec.people has the address"
            );
        var sources = Sources(members.Origin, members.Access);
        CheckSources(members.Origin, members.Access);
        return new(List(members, OfProject, mustNameProject: true), Required(members, "id", members.Id), sources)
        {
            Where = Conditions(members.Where),
            Person = Optional(members, "person", members.Person),
            Email = Optional(members, "email", members.Email),
            Name = Optional(members, "name", members.Name),
            Machine = members.Machine is null ? null : Condition(members.Machine),
            Owner = members.Owner is null ? null : Condition(members.Owner),
        };
    }

    public DescribedInvitations? Invitations()
    {
        if (spec.Invitations is not { } list)
            return null;
        // Otherwise every run would replace every invitation, with a mail.
        CheckSources(list.Origin, list.Access);
        return new(
            List(list, OfProject, mustNameProject: true),
            Required(list, "id", list.Id),
            Required(list, "email", list.Email),
            Required(list, "createdAt", list.CreatedAt),
            list.Access is null ? Sources(MappingNode.None, spec.Members.Access) : Sources(list.Origin, list.Access)
        )
        {
            Pending = Conditions(list.Pending),
            Declined = Conditions(list.Declined),
            Over = Conditions(list.Over),
            InvitedBy = Optional(list, "invitedBy", list.InvitedBy),
        };
    }

    private void CheckSources(MappingNode owner, IReadOnlyDictionary<string, AccessSourceDefinition>? sources)
    {
        if (sources is null)
            return;
        foreach (var field in access.Names.Where(f => !sources.ContainsKey(f)))
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

    public DescribedWhoAmI? WhoAmI() =>
        spec.WhoAmI is { } call
            ? new(PathCompiler.Compile(call.Path, call.Origin, [], problems))
            {
                Email = Optional(call, "email", call.Email),
                SeesAll = Proofs(call, "seesAll", call.SeesAll),
            }
            : null;

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

    public JsonPointer Pointer(ManifestPart part, string field, string text)
    {
        if (JsonPointer.Parse(text) is { } pointer)
            return pointer;
        problems.Error(
            part.Origin.At(field),
            $"is {ProblemText.Quote(text)}; expected a JSON pointer such as /user/email"
        );
        return JsonPointer.Whole;
    }

    // A required field that is missing was reported when the document was read.
    private JsonPointer Required(ManifestPart part, string field, string? text) =>
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
        if (mustNameProject && !path.IsEmpty && !path.SelectMany(s => s.Names).Contains(Project))
            problems.Error(
                list.Origin.At("path"),
                "has no {project}, so that all projects would have the same people; expected it in the path"
            );
        return new(path, Required(list, "items", list.Items))
        {
            Query = [.. (list.Query ?? new Dictionary<string, string>())],
            Paging = list.Paging is null ? null : Paging(list, list.Paging),
        };
    }

    // A server may take either of two values of one parameter.
    private void CheckParameters(ListDefinition list, PagingDefinition paging)
    {
        if (list.Origin["query"] is not MappingNode query)
            return;
        foreach (var entry in query.Entries)
        {
            if (entry.Name == paging.SizeQuery || paging.Query?.Contains(entry.Name) == true)
                problems.Error(entry.Key, "is a parameter of paging as well; expected it in one of both");
        }
    }

    private DescribedPaging Paging(ListDefinition list, PagingDefinition paging)
    {
        var byNumber = paging.By is PagingForm.Page or PagingForm.Offset;
        var inBody = paging.By is PagingForm.Next or PagingForm.Cursor;
        CheckParameters(list, paging);
        if (paging.Query is { Count: 0 })
            problems.Error(paging.Origin.At("query"), "names no parameter; expected at least one");
        if (paging.Query is { Count: > 1 } && paging.By is not (PagingForm.Next or PagingForm.Link))
            problems.Error(paging.Origin.At("query"), "names several parameters; expected one");
        if (byNumber && paging.Size is null)
            problems.Error(paging.Origin, "size", "is missing; expected the most items of a page");
        if (inBody && paging.Next is null)
            problems.Error(paging.Origin, "next", "is missing; expected where the next page is named in the body");
        foreach (
            var (field, fits) in (ReadOnlySpan<(string, bool)>)
                [("first", paging.By is PagingForm.Page), ("next", inBody), ("moreWhile", paging.By is PagingForm.Link)]
        )
        {
            if (!fits && paging.Origin[field] is { } at)
                problems.Error(at, "means nothing for this kind of paging; expected no such field");
        }

        return new(paging.By, [.. paging.Query ?? []])
        {
            First = paging.First ?? 1,
            Size = paging.Size ?? 0,
            SizeQuery = paging.SizeQuery,
            Total = Optional(paging, "total", paging.Total),
            Next = Optional(paging, "next", paging.Next),
            MoreWhile = paging.MoreWhile,
        };
    }
}
