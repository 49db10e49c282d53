'use strict';
// Two pictures of the rows that are shown, drawn as SVG; beneath each the same numbers as a table.

const svgSpace = 'http://www.w3.org/2000/svg';
const mostProviders = 12;
const monthsAhead = 12;
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function shape(name, attributes, text) {
  const made = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function picture(width, height, description) {
  return shape('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': description });
}

function numbers(head, lines) {
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...head.map(h => element('th', { scope: 'col', textContent: h })))));
  const body = element('tbody', {});
  for (const [first, ...rest] of lines) body.append(element('tr', {}, element('th', { scope: 'row', textContent: first }), ...rest.map(n => element('td', { textContent: n }))));
  table.append(body);
  return element('details', {}, element('summary', { textContent: 'The numbers' }), table);
}

function legend(kinds) {
  return element('p', { className: 'legend' }, ...kinds.map(([name, title]) => {
    const swatch = shape('svg', { width: 12, height: 12, 'aria-hidden': 'true' });
    swatch.append(shape('rect', { width: 12, height: 12, rx: 2, class: name }));
    return element('span', {}, swatch, ` ${title}`);
  }));
}

const kinds = [['admins', 'administrators'], ['others', 'other members'], ['invited', 'invited']];

function spreadOf(found) {
  const byProvider = new Map();
  for (const row of found) {
    if (row.state === 'absent') continue;
    const counts = byProvider.get(row.provider) ?? { name: row.providerName, admins: 0, others: 0, invited: 0 };
    counts[row.state === 'invited' ? 'invited' : row.admin ? 'admins' : 'others']++;
    byProvider.set(row.provider, counts);
  }
  const total = c => c.admins + c.others + c.invited;
  const all = [...byProvider.values()].sort((a, b) => total(b) - total(a) || compare(a.name, b.name));
  const rest = all.slice(mostProviders).reduce((sum, c) => ({ name: sum.name, admins: sum.admins + c.admins, others: sum.others + c.others, invited: sum.invited + c.invited }),
    { name: `${all.length - mostProviders} more`, admins: 0, others: 0, invited: 0 });
  return all.length > mostProviders ? [...all.slice(0, mostProviders), rest] : all;
}

const shorten = (text, longest) => text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

function drawSpread(into, found) {
  const lines = spreadOf(found);
  if (lines.length === 0) return into.replaceChildren(element('p', { className: 'quiet', textContent: 'Nobody to show.' }));
  const width = Math.max(280, into.clientWidth), band = 44, end = 44;
  const most = Math.max(...lines.map(c => c.admins + c.others + c.invited));
  const words = lines.map(c => `${c.name}: ${kinds.map(([id, title]) => `${c[id]} ${title}`).join(', ')}`).join('; ');
  const drawn = picture(width, lines.length * band, `Bars, one per provider. ${words}.`);
  lines.forEach((counts, i) => {
    let x = 0;
    drawn.append(shape('text', { x: 0, y: i * band + 14, class: 'label' }, shorten(counts.name, Math.floor(width / 8))));
    for (const [id] of kinds) {
      const length = counts[id] / most * (width - end);
      if (counts[id] > 0) drawn.append(shape('rect', { x, y: i * band + 20, width: Math.max(length - 1, 1), height: 16, class: id }));
      x += length;
    }
    drawn.append(shape('text', { x: x + 5, y: i * band + 33, class: 'value' }, counts.admins + counts.others + counts.invited));
  });
  into.replaceChildren(legend(kinds), drawn, numbers(['Provider', ...kinds.map(k => k[1])], lines.map(c => [c.name, ...kinds.map(([id]) => c[id])])));
}

function endsOf(found) {
  const start = new Date(reviewedAt);
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const months = Array.from({ length: monthsAhead }, (_, i) => ({ month: (first + i) % 12, year: Math.floor((first + i) / 12), count: 0 }));
  let later = 0, never = 0;
  for (const row of found) {
    if (row.untilTime === null) { never += row.standing === 'declared' ? 1 : 0; continue; }
    const end = new Date(row.untilTime - 1);
    const at = Math.max(0, end.getUTCFullYear() * 12 + end.getUTCMonth() - first);
    if (at < monthsAhead) months[at].count++; else later++;
  }
  return { months, later, never };
}

function drawEnds(into, found) {
  const { months, later, never } = endsOf(found);
  const bars = [...months.map((m, i) => ({ label: monthNames[m.month], year: i === 0 || m.month === 0 ? m.year : '', name: `${monthNames[m.month]} ${m.year}`, count: m.count })),
    { label: 'later', year: '', name: 'later', count: later }];
  const width = Math.max(280, into.clientWidth), height = 150, ground = height - 36, band = width / bars.length;
  const most = Math.max(1, ...bars.map(b => b.count));
  const words = bars.filter(b => b.count > 0).map(b => `${b.name}: ${b.count}`).join('; ') || 'none in sight';
  const drawn = picture(width, height, `Columns, one a month: how many declarations end. ${words}. Without an end: ${never}.`);
  bars.forEach((bar, i) => {
    const tall = bar.count / most * (ground - 20), middle = (i + 0.5) * band;
    if (bar.count > 0) {
      drawn.append(shape('rect', { x: i * band + 2, y: ground - tall, width: band - 4, height: tall, class: 'ends' }));
      drawn.append(shape('text', { x: middle, y: ground - tall - 5, class: 'value', 'text-anchor': 'middle' }, bar.count));
    }
    // Where months are narrow, every second one is named; the last is.
    if (band >= 30 || i % 2 === 0) drawn.append(shape('text', { x: middle, y: ground + 14, class: 'tick', 'text-anchor': 'middle' }, bar.label));
    if (bar.year) drawn.append(shape('text', { x: middle, y: ground + 28, class: 'tick', 'text-anchor': 'middle' }, bar.year));
  });
  drawn.append(shape('line', { x1: 0, x2: width, y1: ground + 0.5, y2: ground + 0.5, class: 'ground' }));
  const note = element('p', { className: 'quiet', textContent: `${never} declared without an end.` });
  into.replaceChildren(drawn, note, numbers(['Month', 'Ends'], [...bars.map(b => [b.name, b.count]), ['no end', never]]));
}
