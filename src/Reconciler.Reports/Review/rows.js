'use strict';
// The rows of the review: read once, then filtered, sorted and grouped. Nothing here touches the page.

const review = JSON.parse(document.getElementById('data').textContent);
const dayLength = 86400000;
const soonDays = 30;

const plain = id => id.replace(/^default\//, '');
const afterSlash = id => id.slice(id.indexOf('/') + 1);
const time = text => text ? Date.parse(text) : null;
const standingText = row => row.standing === 'leftAlone' ? 'not managed' : row.standing;

function prepare(row, order) {
  row.order = order;
  row.key = keyOf(row, numbersOfRows[order]);
  row.providerName = afterSlash(row.provider);
  row.projectLabel = `${row.providerName}: ${plain(row.project)}`;
  row.sinceTime = time(row.since);
  row.untilTime = time(row.until);
  row.stateText = [row.state, row.admin ? 'admin' : '', row.standing === 'declared' ? '' : standingText(row)].filter(Boolean).join(', ');
  row.text = [row.person, row.account, row.projectLabel, row.projectId, row.projectName, row.vendor, row.stateText, row.access, row.reason, ...row.declared,
    ...row.findings.map(f => f.message), row.nextApply].filter(Boolean).join('\n').toLowerCase();
  return row;
}

// A second row of the same account in the same project, such as a left-over invitation, is told apart by its number.
function countedKeys(all) {
  const seen = new Map();
  return all.map(row => {
    const key = plainKey(row);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return seen.get(key);
  });
}

const plainKey = row => [row.provider, row.project, row.projectId, (row.account || row.person).toLowerCase()].join('\n');
const keyOf = (row, number) => `${plainKey(row)}\n${number}`;

const numbersOfRows = countedKeys(review.rows);
const rows = review.rows.map(prepare);
const reviewedAt = time(review.at);

// Until midnight means through the day before: that day is what the manifest says.
function endText(until) {
  const end = new Date(until);
  return until % dayLength === 0 ? new Date(until - 1).toISOString().slice(0, 10) : `${end.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const dayText = at => new Date(at).toISOString().slice(0, 10);

// What a reviewer looks at first.
const risks = {
  adminWithoutReason: row => row.admin && row.state !== 'absent' && !row.reason,
  withoutEnd: row => row.state !== 'absent' && row.standing !== 'leaving' && row.untilTime === null,
  changed: row => Boolean(row.change),
};

function matches(row, wanted) {
  return wanted.words.every(word => row.text.includes(word))
    && (!wanted.provider || row.provider === wanted.provider)
    && (!wanted.state || row.state === wanted.state)
    && (!wanted.standing || row.standing === wanted.standing)
    && (!wanted.admin || row.admin)
    && (!wanted.risk || risks[wanted.risk](row))
    && (!wanted.decision || wanted.decision(row))
    && (!wanted.ends || (row.untilTime !== null && row.untilTime - reviewedAt <= soonDays * dayLength))
    && (wanted.waits === null || (row.waitsDays !== undefined && row.waitsDays > wanted.waits));
}

const groupKeys = {
  person: row => row.person.toLowerCase(),
  project: row => `${row.provider} ${row.project} ${row.projectId}`,
  provider: row => row.provider,
};

const groupTitles = {
  person: row => row.person,
  project: row => row.projectName ? `${row.projectLabel} “${row.projectName}”` : row.projectLabel,
  provider: row => `${row.providerName} (${row.vendor})`,
};

const columns = [
  { id: 'person', title: 'Person', value: row => row.person.toLowerCase() },
  { id: 'project', title: 'Project', value: row => row.projectLabel.toLowerCase() },
  { id: 'state', title: 'State', value: row => row.stateText },
  { id: 'access', title: 'Access', value: row => row.access.toLowerCase() },
  { id: 'since', title: 'Since', value: row => row.sinceTime },
  { id: 'until', title: 'Until', value: row => row.untilTime },
  { id: 'waits', title: 'Waits', value: row => row.waitsDays ?? null },
  { id: 'why', title: 'Why', value: row => (row.reason ?? row.declared[0] ?? null) },
  { id: 'noticed', title: 'Noticed', value: row => (row.change || row.findings[0]?.message || row.nextApply || null) },
  { id: 'review', title: 'Review' },
];

const compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;

// What has no value comes last, whichever way it is sorted.
function sorted(found, sort, group) {
  const value = sort && columns.find(c => c.id === sort.column).value;
  const key = group && groupKeys[group];
  return found.toSorted((a, b) => {
    const apart = key ? compare(key(a), key(b)) : 0;
    if (apart !== 0) return apart;
    if (!value) return a.order - b.order;
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return (left === null) - (right === null) || a.order - b.order;
    return (sort.descending ? -1 : 1) * compare(left, right) || a.order - b.order;
  });
}
