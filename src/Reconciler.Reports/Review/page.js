'use strict';
// Binds the page to the rows. Texts are only ever set as text, never as markup. A page of rows is in the document at a time.

const pageLength = 100;
const byId = id => document.getElementById(id);
const filters = byId('filters');
const inputs = Object.fromEntries(Object.values(fieldNames).map(id => [id, byId(id)]));
let sort = null, page = 0, found = [], filled = new Set(), printing = false;

const decisionFilters = {
  open: row => !decisionOf(row),
  keep: row => decisionOf(row) === 'keep',
  revoke: row => decisionOf(row) === 'revoke',
  comment: row => Boolean(commentOf(row)),
};

function wanted() {
  const waits = inputs.waits.valueAsNumber;
  return {
    words: inputs.search.value.toLowerCase().split(/\s+/).filter(Boolean),
    provider: inputs.provider.value, state: inputs.state.value, standing: inputs.standing.value,
    risk: inputs.risk.value, decision: decisionFilters[inputs.decision.value],
    admin: inputs.admin.checked, ends: inputs.ends.checked, waits: Number.isNaN(waits) ? null : waits,
  };
}

const count = (number, one, many) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
const distinct = key => new Set(found.map(key)).size;

function tellCount() {
  const states = ['member', 'invited', 'absent'].map(s => `${found.filter(r => r.state === s).length.toLocaleString('en')} ${s}`).join(', ');
  byId('count').textContent = `${count(found.length, 'row', 'rows')} of ${rows.length.toLocaleString('en')}: ${count(distinct(groupKeys.person), 'person', 'people')} in ${count(distinct(groupKeys.project), 'project', 'projects')}; ${states}; ${count(found.filter(r => r.admin).length, 'administrator', 'administrators')}, ${found.filter(r => r.standing === 'unmanaged').length.toLocaleString('en')} unmanaged.`;
}

const quiet = text => element('div', { className: 'quiet' }, breakable(text));
const badge = (name, text) => element('span', { className: `badge ${name}`, textContent: text });

const cells = {
  person: row => [breakable(row.person), row.account && row.account.toLowerCase() !== row.person.toLowerCase() ? quiet(`as ${row.account}`) : ''],
  project: row => [breakable(row.projectLabel), row.projectName ? quiet(row.projectName) : '', quiet(row.projectId)],
  state: row => [element('div', {}, badge(row.state, row.state), ' ', row.admin ? badge('admin', 'admin') : '', ' ', row.standing === 'declared' ? '' : badge(row.standing, standingText(row)))],
  access: row => [breakable(row.access)],
  since: row => [row.sinceTime === null ? '' : dayText(row.sinceTime), row.changedAt ? quiet(`changed ${dayText(time(row.changedAt))}`) : ''],
  until: row => [row.untilTime === null ? '' : endText(row.untilTime)],
  waits: row => row.waitsDays === undefined ? [] : [count(row.waitsDays, 'day', 'days'), row.resends > 0 ? quiet(`sent again ${count(row.resends, 'time', 'times')}`) : ''],
  why: row => [breakable(row.reason ?? ''), ...row.declared.map(quiet)],
  noticed: row => [row.change ? element('div', { className: 'change' }, breakable(`since ${dayText(earlier.at)}: ${row.change}`)) : '', row.nextApply ? element('div', { textContent: `next apply: ${row.nextApply}${row.held ? ' (held)' : ''}` }) : '', ...row.findings.map(f => element('div', {}, breakable(f.message)))],
  review: row => [decisionCell(row, tellProgress)],
};

function cell(column, row, isFirst) {
  const made = element(isFirst ? 'th' : 'td', {}, ...cells[column.id](row).filter(Boolean));
  if (isFirst) made.scope = 'row';
  made.setAttribute('role', isFirst ? 'rowheader' : 'cell');
  made.dataset.label = column.title;
  if (!made.textContent.trim()) made.className = 'empty';
  return made;
}

function line(children) {
  const made = element('tr', {}, ...children);
  made.setAttribute('role', 'row');
  return made;
}

// A heading that says it makes a column needless, and so does having nothing to say in any row.
const shownColumns = () => columns.filter(c => c.id !== inputs.group.value && (found.length === 0 || filled.has(c.id)));

const alwaysShown = ['person', 'project', 'state', 'access', 'review'];

function findFilled() {
  const has = c => alwaysShown.includes(c.id) || found.some(row => !isEmpty(c.value(row)) || (c.id === 'since' && row.changedAt));
  filled = new Set(columns.filter(has).map(c => c.id));
}

const isEmpty = value => value === null || value === '';

function heading(row, size) {
  const details = [inputs.group.value === 'project' ? row.projectId : '', count(size, 'row', 'rows')].filter(Boolean).join(', ');
  const made = element('th', { colSpan: shownColumns().length, scope: 'rowgroup' }, breakable(groupTitles[inputs.group.value](row)), ' ', element('span', { className: 'quiet', textContent: details }));
  made.setAttribute('role', 'rowheader');
  const group = line([made]);
  group.className = 'group';
  return group;
}

function drawRows() {
  const key = groupKeys[inputs.group.value];
  const sizes = new Map();
  if (key) for (const row of found) sizes.set(key(row), (sizes.get(key(row)) ?? 0) + 1);
  const pages = Math.max(1, Math.ceil(found.length / pageLength));
  page = Math.min(page, pages - 1);
  const slice = printing ? found : found.slice(page * pageLength, (page + 1) * pageLength);
  const body = document.createDocumentFragment();
  let last = null;
  for (const row of slice) {
    if (key && key(row) !== last) body.append(heading(row, sizes.get(last = key(row))));
    body.append(line(shownColumns().map((c, i) => cell(c, row, i === 0))));
  }
  byId('body').replaceChildren(body);
  byId('page').textContent = found.length === 0 ? 'No row fits.' : `Rows ${(page * pageLength + 1).toLocaleString('en')} to ${Math.min(found.length, (page + 1) * pageLength).toLocaleString('en')} of ${found.length.toLocaleString('en')}`;
  byId('previous').disabled = page === 0;
  byId('next').disabled = page === pages - 1;
}

function drawPictures() {
  drawSpread(byId('spread'), found);
  drawEnds(byId('ends-picture'), found);
}

function update() {
  const want = wanted();
  found = sorted(rows.filter(row => matches(row, want)), sort, inputs.group.value);
  page = 0;
  findFilled();
  tellCount();
  markHead();
  drawRows();
  drawPictures();
  writeAddress(addressOf(inputs, sort, review.by));
}

function tellProgress() {
  byId('progress').textContent = progress();
}

function readHash() {
  sort = readAddress(location.hash, inputs, review.by);
  update();
}

// The comparison ends with the file that was chosen, also where that file is no review.
async function compareFile(file) {
  forgetEarlier();
  const told = byId('compared');
  told.replaceChildren();
  try {
    if (file) {
      compareWith(reviewIn(await file.text()));
      tellCompared(told);
    }
  } catch (unread) {
    told.append(`${file.name} is no review that can be compared: ${unread.message}`);
  }
  inputs.risk.querySelector('[value=changed]').disabled = !earlier;
  inputs.risk.value = earlier ? 'changed' : '';
  update();
}

function tellCompared(told) {
  const [fresh, changed] = [rows.filter(r => r.change === 'new').length, rows.filter(r => r.change && r.change !== 'new').length];
  told.append(`Since the review of ${dayText(earlier.at)}: ${fresh.toLocaleString('en')} new, ${changed.toLocaleString('en')} changed, ${earlier.gone.length.toLocaleString('en')} gone.`);
  if (earlier.gone.length === 0) return;
  const gone = earlier.gone.map(row => element('li', {}, breakable(`${row.person} in ${afterSlash(row.provider)}: ${plain(row.project)}, ${row.state}${row.access ? `, ${row.access}` : ''}`)));
  told.append(element('details', {}, element('summary', { textContent: 'Who is gone' }), element('ul', {}, ...gone)));
}

function sortBy(column) {
  sort = sort?.column !== column ? { column, descending: false } : sort.descending ? null : { column, descending: true };
  update();
}

function drawHead() {
  for (const column of columns) {
    const header = element('th', { scope: 'col' }, column.value ? element('button', { type: 'button', textContent: column.title, onclick: () => sortBy(column.id) }) : element('span', { textContent: column.title }));
    header.setAttribute('role', 'columnheader');
    header.dataset.column = column.id;
    byId('head').append(header);
  }
}

// The headers stay the same elements, so that the one just pressed keeps the focus.
function markHead() {
  const shown = shownColumns().map(c => c.id);
  for (const header of byId('head').children) {
    header.hidden = !shown.includes(header.dataset.column);
    if (header.dataset.column !== 'review') header.setAttribute('aria-sort', header.dataset.column !== sort?.column ? 'none' : sort.descending ? 'descending' : 'ascending');
  }
}

function turn(step) {
  page += step;
  drawRows();
  byId('rows').focus({ preventScroll: true });
  byId('rows').scrollIntoView({ block: 'start' });
}

function print(starts) {
  printing = starts;
  drawRows();
  drawPictures();
}

for (const provider of [...new Set(rows.map(row => row.provider))].sort()) inputs.provider.append(element('option', { value: provider, textContent: afterSlash(provider) }));
recall();
byId('reviewer').value = reviewer;
byId('reviewer').addEventListener('change', event => { reviewer = event.target.value.trim(); keep(); tellProgress(); });
byId('export').addEventListener('click', download);
byId('earlier').addEventListener('change', event => compareFile(event.target.files[0]));
window.addEventListener('hashchange', readHash);
filters.addEventListener('input', update);
filters.addEventListener('submit', event => event.preventDefault());
filters.addEventListener('reset', () => setTimeout(() => { inputs.group.value = review.by; sort = null; update(); }));
byId('previous').addEventListener('click', () => turn(-1));
byId('next').addEventListener('click', () => turn(1));
byId('theme').addEventListener('change', event => { document.documentElement.dataset.theme = event.target.value; });
window.addEventListener('beforeprint', () => print(true));
window.addEventListener('afterprint', () => print(false));
let drawnWidth = window.innerWidth;
window.addEventListener('resize', () => {
  if (window.innerWidth === drawnWidth) return;
  drawnWidth = window.innerWidth;
  drawPictures();
});
drawHead();
tellProgress();
readHash();
