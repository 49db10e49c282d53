-- A state file as the first version of its form was written. It is never edited: whatever reads it later must find the same.
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Numbers are never given twice, so that a project which was forgotten and came back is another row.
CREATE TABLE projects (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vendor_type TEXT NOT NULL, base_url TEXT NOT NULL, project_id TEXT NOT NULL,
    version INTEGER NOT NULL, trusted_count INTEGER, applied TEXT, released TEXT NOT NULL,
    UNIQUE (vendor_type, base_url, project_id)) STRICT;

CREATE TABLE people (
    project INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    email TEXT NOT NULL, person_id TEXT, owned INTEGER NOT NULL, state TEXT NOT NULL,
    invited_at TEXT, sent_at TEXT, resends INTEGER NOT NULL, asked TEXT, change TEXT, repeats INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX people_key ON people (project, email, ifnull(person_id, ''));

CREATE TABLE intents (
    project INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (project, position)) STRICT, WITHOUT ROWID;

-- No reference to projects: the trail outlives what is remembered.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL, vendor_type TEXT NOT NULL, base_url TEXT NOT NULL, project_id TEXT NOT NULL, document TEXT NOT NULL,
    person TEXT NOT NULL, person_key TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,
    added TEXT NOT NULL, removed TEXT NOT NULL, reason TEXT NOT NULL, declared TEXT NOT NULL, plan TEXT NOT NULL,
    message TEXT NOT NULL, counts_as_removal INTEGER NOT NULL) STRICT;
CREATE INDEX audit_time ON audit (at);
CREATE INDEX audit_person ON audit (person_key, at);
CREATE INDEX audit_project ON audit (vendor_type, base_url, project_id, at);
CREATE INDEX audit_removals ON audit (vendor_type, base_url, at) WHERE counts_as_removal = 1;

PRAGMA application_id = 1382376302;
PRAGMA user_version = 1;
INSERT INTO about VALUES ('written_by', '0.1.0');
INSERT INTO projects VALUES (3, 'acme', 'https://api.acme.example/', 'p1', 4, 7,
    '{"scope":"file:people","document":"default/evals","projectId":"p1","deletionPolicy":"Revoke","limits":{"projectRemovals":[{"source":"g","count":10,"percent":25,"percentFrom":3}],"providerRemovals":[{"source":"the built-in limit","count":25,"window":"01:00:00"}],"minAdmins":{"source":"g","count":1},"keepsLastMember":true,"protected":["root@x.example"]}}',
    '["sha256:1"]');
INSERT INTO people VALUES (3, 'bob@x.example', NULL, 1, 'Invited', '2026-03-02T09:00:00.0000000Z', '2026-03-03T09:00:00.0000001Z', 1, NULL, 'c', 2);
INSERT INTO people VALUES (3, 'ana@x.example', 'u1', 1, 'Member', NULL, NULL, 0, '[{"field":"roles","word":"viewer","label":"viewer"}]', NULL, 0);
INSERT INTO intents VALUES (3, 0, '{"kind":"Replace","person":"bob@x.example","email":"bob@x.example","at":"2026-03-02T09:00:00+00:00","invitationId":"i1","access":[{"field":"roles","word":"viewer","label":"viewer"}],"accessFields":["roles"],"asked":[{"field":"roles","word":"viewer","label":"viewer"}],"isReminder":true,"givesUp":false,"countsAsRemoval":false,"reason":"due","plan":"sha256:2"}');
INSERT INTO audit VALUES (1, '2026-03-02T09:00:00.0000000Z', 'acme', 'https://api.acme.example/', 'p1', 'default/evals', '', '', 'approve', 'Done', '', '', '', '', 'sha256:1', '', 0);
