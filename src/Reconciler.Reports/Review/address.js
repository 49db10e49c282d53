'use strict';
// Search, filters, grouping and order stand behind the # of the address, so that a link shows what its writer saw.

const fieldNames = { q: 'search', provider: 'provider', state: 'state', standing: 'standing', risk: 'risk', decision: 'decision', waits: 'waits', group: 'group', admin: 'admin', ends: 'ends' };

function addressOf(inputs, sort, defaultGroup) {
  const parts = new URLSearchParams();
  for (const [name, id] of Object.entries(fieldNames)) {
    const input = inputs[id];
    const value = input.type === 'checkbox' ? (input.checked ? 'yes' : '') : input.value.trim();
    if (name === 'group' ? value !== defaultGroup : value) parts.set(name, value || 'none');
  }
  if (sort) parts.set('sort', `${sort.column}${sort.descending ? '-' : ''}`);
  return parts.toString();
}

// Whatever the address says that is not offered is taken for not said.
function readAddress(text, inputs, defaultGroup) {
  const parts = new URLSearchParams(text.replace(/^#/u, ''));
  for (const [name, id] of Object.entries(fieldNames)) {
    const [input, said] = [inputs[id], parts.get(name)];
    if (input.type === 'checkbox') input.checked = said === 'yes';
    else if (input.tagName !== 'SELECT') input.value = said ?? '';
    else {
      const value = name !== 'group' ? said ?? '' : said === 'none' ? '' : said ?? defaultGroup;
      input.value = [...input.options].some(o => o.value === value && !o.disabled) ? value : name === 'group' ? defaultGroup : '';
    }
  }
  const [, column, descending] = /^([a-z]+)(-?)$/u.exec(parts.get('sort') ?? '') ?? [];
  return columns.some(c => c.id === column && c.value) ? { column, descending: descending === '-' } : null;
}

function writeAddress(text) {
  const wanted = text ? `#${text}` : '';
  if (location.hash === wanted) return;
  try {
    history.replaceState(null, '', `${location.pathname}${location.search}${wanted}`);
  } catch {
    // A page inside another one may have no address of its own; it filters all the same.
  }
}
