namespace Reconciler.Manifests.Tests.Describing;

/// <summary>
/// Faults of a definition: what is right, what is written in its place, where the problem is told (empty where the line
/// does not matter), and a part of what is told.
/// </summary>
internal static class WrongDefinitions
{
    public static TheoryData<string, string, string, string> Rows { get; } =
        new()
        {
            {
                "at: /roles}",
                "at: roles}",
                "19:26",
                "spec.members.access.roles.at: is \"roles\"; expected a JSON pointer"
            },
            { "items: /people", "items: /people\n    itms: /x", "17:5", "unknown field; expected" },
            {
                "{member.id}\n      effect: idempotent\n      body",
                "{membr.id}\n      effect: idempotent\n      body",
                "",
                "{membr.id}, which has no value here; expected {project}, {member.id}, {email}; "
                    + "did you mean \"member.id\"?"
            },
            {
                "\"{access.roles}\"}\n    update",
                "\"{access.role}\"}\n    update",
                "",
                "{access.role}, which has no value here"
            },
            { "      effect: mails\n", "", "", "spec.calls.invite.effect: is missing" },
            {
                "effect: mails",
                "effect: idempotent",
                "",
                "is not mails; expected mails, since invite, replace and resend count as mails"
            },
            { "path: /teams/{project}/people\n", "path: /teams/../admin/{project}\n", "15:", "has the segment \"..\"" },
            {
                "path: /teams/{project}/people\n",
                "path: https://evil.example/{project}\n",
                "15:",
                "expected a path that begins with /"
            },
            { "path: /teams/{project}/people\n", "path: /teams/{project}/people?x=1\n", "15:", "any of \\ % ? #" },
            {
                "path: /teams/{project}/people\n",
                "path: /people\n",
                "15:",
                "has no {project}, so that all projects would have the same people"
            },
            { "path: /teams/{project}/people\n", "path: /teams/{project/people\n", "15:", "has an open brace" },
            {
                "{Accept: application/json}",
                "{Host: evil.example}",
                "7:13",
                "is a header that a definition cannot set"
            },
            {
                "{Accept: application/json}",
                "{content-type: text/html}",
                "7:13",
                "is a header that a definition cannot set"
            },
            {
                "{Accept: application/json}",
                "{X-Forwarded-For: a}",
                "7:13",
                "is a header that a definition cannot set"
            },
            {
                "{Accept: application/json}",
                "{authorization: Basic abc}",
                "7:13",
                "may hold a token; expected it in spec.token"
            },
            { "header: Authorization", "header: Cookie", "6:", "which cannot carry a token" },
            {
                "admin: [owner]",
                "admin: [ownr]",
                "13:",
                "which is not among the known words; expected one of reader, owner; did you mean \"owner\"?"
            },
            { "access: {roles: {at: /roles}}", "access: {role: {at: /roles}}", "19:", "is no field of spec.access" },
            {
                "  manual:\n    resend: send it from the page of the team",
                "",
                "",
                "spec.calls.resend: is missing; expected the call, or spec.manual.resend"
            },
            {
                "    resend: send",
                "    remove: by hand\n    resend: send",
                "",
                "says what a human does, and spec.calls has remove"
            },
            {
                "    resend: send",
                "    remind: send",
                "",
                "is no action; expected invite, update, replace, resend, revoke, remove"
            },
            {
                "path: /teams/{project}/people/{member.id}\n      effect: idempotent\n      proof",
                "path: /teams/{project}/people\n      effect: idempotent\n      proof",
                "",
                "names nobody, so that it could change everybody"
            },
            {
                "roles: \"{access.roles}\"}\n    update",
                "roles: [reader]}\n    update",
                "",
                "does not send roles, so that it could be declared and would never be given"
            },
            {
                "      known: [reader, owner]\n",
                "      known: [reader, owner]\n      names: groups\n",
                "",
                "expected a list below spec.names"
            },
            {
                "title: Acme",
                "title: Acme\n  urls: [\"http://acme.example\"]",
                "",
                "expected a URL that begins with https://"
            },
            {
                "admin: [owner]",
                "admin: [owner]\n      sent: {reader: r, owner: r}",
                "",
                "sends \"r\" for owner and reader; expected received"
            },
            {
                "admin: [owner]",
                "admin: [owner]\n      received: {r: readr}",
                "",
                "is \"readr\", which is not among the known words; expected one of reader, owner; "
                    + "did you mean \"reader\"?"
            },
            {
                "admin: [owner]",
                "admin: [owner]\n      sent: {reader: r}\n      received: {r: owner}",
                "",
                "does not read \"r\" as reader"
            },
            {
                "admin: [owner]",
                "admin: [owner]\n      sent: {reader: \"1\"}\n      numbers: true",
                "",
                "not every word has a number"
            },
            {
                "admin: [owner]",
                "admin: [owner]\n      notManagedWhenAbsent: true",
                "",
                "which would empty a field that is not managed when it is absent; expected {access.roles?}"
            },
            {
                "\"{access.roles}\"}\n    update",
                "\"{access.roles?}\"}\n    update",
                "",
                "which would keep what is to be taken away; expected {access.roles}"
            },
            {
                "\"{access.roles}\"}\n    update",
                "[\"{access.roles}\"]}\n    update",
                "",
                "is the list {access.roles} within a list"
            },
            {
                "\"{access.roles}\"}\n    update",
                "\"r:{access.roles}\"}\n    update",
                "",
                "among other text; expected it alone"
            },
            {
                "access: {roles: {at: /roles}}",
                "access: {roles: {at: /roles, inherited: {at: /from, present: true}}}",
                "",
                "spec.calls.removeDirect: is missing"
            },
            {
                "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
                "{invitation.id}\n      effect: idempotent\n      proof: {status: false}",
                "",
                "is false, and proves nothing"
            },
            {
                "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
                "{invitation.id}\n      effect: idempotent\n      proof: {status: true, id: /id}",
                "",
                "is enough, and the other fields would not be compared"
            },
            {
                "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
                "{invitation.id}\n      effect: idempotent\n      proof: {where: []}",
                "",
                "is empty, and proves nothing"
            },
            {
                "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
                "{invitation.id}\n      effect: idempotent\n      proof: {where: [{at: /ok, not: [\"false\"]}]}",
                "",
                "proves nothing where the value is absent"
            },
            {
                "{invitation.id}\n      effect: idempotent\n      proof: {status: true}",
                "{invitation.id}\n      effect: idempotent\n      proof: {access: {roles: {at: /roles}}}",
                "",
                "means nothing for revoke, which gives none"
            },
            {
                "roles: \"{access.roles}\"}\n    update",
                "roles: \"{access.roles}\"}\n      proof: {id: /id}\n    update",
                "",
                "means nothing for invite"
            },
            {
                "{mail: \"{email}\", roles: \"{access.roles}\"}\n    update",
                "{mails: \"{emails}\", roles: \"{access.roles}\"}\n      batch: 20\n      proof: {status: true}\n"
                    + "    update",
                "",
                "does not tell one person of a batch from another"
            },
            {
                "path: /teams/{project}/people/{member.id}\n      effect: idempotent\n      proof",
                "path: /users/{email}\n      effect: idempotent\n      proof",
                "",
                "names neither the project nor a membership"
            },
            {
                "items: /people",
                "items: /people\n    query: {page: \"3\"}\n    paging: {by: page, query: [page], size: 10}",
                "",
                "is a parameter of paging as well"
            },
            {
                "items: /people",
                "items: /people\n    where: [{at: /kind, is: []}]",
                "",
                "names no value; expected at least one"
            },
            { "  members:\n", "  whoAmI: {path: /me, seesAll: []}\n  members:\n", "", "is empty, and proves nothing" },
            {
                "{Accept: application/json}",
                "{X-Original-URL: /admin}",
                "7:13",
                "is a header that a definition cannot set"
            },
            {
                "{Accept: application/json}",
                "{X-HTTP-Method-Override: DELETE}",
                "7:13",
                "is a header that a definition cannot set"
            },
            { "{Accept: application/json}", "{X-A: ä}", "", "has characters that no header can" },
            {
                "    createdAt: /at",
                "    createdAt: /at\n    access: {}",
                "",
                "spec.invitations.access: says nothing of roles"
            },
            {
                "{mail: \"{email}\", roles",
                "{mail: {email}, roles",
                "",
                "expected quotes around a placeholder: \"{email}\""
            },
        };
}
