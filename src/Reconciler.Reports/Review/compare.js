'use strict';
// An earlier review, which the reader chooses as a file: its rows are compared with these. It is read here and kept
// nowhere.

let earlier = null;

// The JSON of a review, or a page like this one, whose data are taken and nothing else.
function reviewIn(text) {
  const page = text.trimStart().startsWith('<') && new DOMParser().parseFromString(text, 'text/html').getElementById('data');
  const found = JSON.parse(page ? page.textContent : text);
  if (found.version !== review.version || !Array.isArray(found.rows)) throw new Error(`expected ${review.version}`);
  return found;
}

const shownState = row => [row.state, row.admin ? 'admin' : '', standingText(row)].filter(Boolean).join(', ');

function differences(before, now) {
  const said = [];
  if (shownState(before) !== shownState(now)) said.push(`was ${shownState(before)}`);
  if (before.access !== now.access) said.push(`had ${before.access || 'no access'}`);
  if ((before.until ?? '') !== (now.until ?? '')) said.push(before.until ? `ended ${endText(time(before.until))}` : 'had no end');
  return said.join('; ');
}

function compareWith(other) {
  const numbers = countedKeys(other.rows);
  const old = new Map(other.rows.map((row, i) => [keyOf(row, numbers[i]), row]));
  for (const row of rows) {
    const before = old.get(row.key);
    old.delete(row.key);
    row.change = before ? differences(before, row) : 'new';
  }
  earlier = { at: time(other.at), gone: [...old.values()].filter(row => row.state !== 'absent') };
}

function forgetEarlier() {
  earlier = null;
  for (const row of rows) delete row.change;
}
