'use strict';
// What the reviewer decides of each row. It stays in this browser, under the digest of this review, until it is
// exported; nothing is sent anywhere.

const place = `reconciler-review ${document.getElementById('data').dataset.digest}`;
const choices = [['keep', 'Keep'], ['revoke', 'Revoke']];
let decided = {}, reviewer = '', keeps = true;

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? '{}');
    decided = kept.decided ?? {};
    reviewer = kept.reviewer ?? '';
  } catch {
    // What is kept there is broken, or the browser keeps nothing for files.
    keeps = false;
  }
}

function keep() {
  try {
    localStorage.setItem(place, JSON.stringify({ decided, reviewer }));
    keeps = true;
  } catch {
    keeps = false;
  }
}

const decisionOf = row => decided[row.key]?.decision ?? '';
const commentOf = row => decided[row.key]?.comment ?? '';

function decide(row, change) {
  const now = { decision: decisionOf(row), comment: commentOf(row), ...change };
  if (now.decision || now.comment) decided[row.key] = now; else delete decided[row.key];
  keep();
}

function progress() {
  const mine = rows.filter(row => decided[row.key]);
  const of = word => mine.filter(row => decisionOf(row) === word).length;
  const [kept, revoked] = [of('keep'), of('revoke')];
  const comments = mine.filter(row => commentOf(row)).length;
  return `${(kept + revoked).toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows decided: ${kept.toLocaleString('en')} keep, ${revoked.toLocaleString('en')} revoke; ${count(comments, 'comment', 'comments')}.${keeps ? '' : ' This browser keeps nothing for this page: export before you close it.'}`;
}

// What is revoked from one account of a person must not take away another that nobody decided about.
const placeOf = row => JSON.stringify([row.person, row.provider, row.project, row.projectId]);

function exported() {
  const { at, provenance } = review;
  const revoked = new Set(rows.filter(row => decisionOf(row) === 'revoke').map(placeOf));
  return {
    version: 'reconciler.dev/access-review-decisions/v1',
    review: { digest: document.getElementById('data').dataset.digest, at, provenance },
    reviewer,
    decidedAt: new Date().toISOString(),
    decisions: rows.filter(row => decided[row.key] || revoked.has(placeOf(row))).map(row => ({
      person: row.person, account: row.account, provider: row.provider, project: row.project, projectId: row.projectId,
      state: row.state, standing: row.standing, owned: row.owned, declared: row.declared,
      decision: decisionOf(row) || null, comment: commentOf(row),
    })),
  };
}

function download() {
  const file = new Blob([`${JSON.stringify(exported(), null, 2)}\n`], { type: 'application/json' });
  const link = element('a', { href: URL.createObjectURL(file), download: `access-review-${dayText(reviewedAt)}-decisions.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// The buttons and the comment of a row; what is pressed again is taken back.
function decisionCell(row, told) {
  const buttons = choices.map(([word, title]) => {
    const button = element('button', { type: 'button', className: `choice ${word}`, textContent: title });
    button.addEventListener('click', () => {
      decide(row, { decision: decisionOf(row) === word ? '' : word });
      mark();
      told();
    });
    return button;
  });
  const mark = () => buttons.forEach((button, i) => button.setAttribute('aria-pressed', decisionOf(row) === choices[i][0]));
  const comment = element('input', { className: 'comment', value: commentOf(row), placeholder: 'comment', maxLength: 500 });
  comment.setAttribute('aria-label', `Comment on ${row.person} in ${row.projectLabel}`);
  comment.addEventListener('change', () => {
    decide(row, { comment: comment.value.trim() });
    told();
  });
  const made = element('div', { className: 'decision' }, ...buttons, comment);
  made.setAttribute('role', 'group');
  made.setAttribute('aria-label', `Review of ${row.person} in ${row.projectLabel}`);
  mark();
  return made;
}
