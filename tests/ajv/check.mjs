// Holds manifests against the JSON Schemas with a validator that knows nothing of Reconciler, as an editor does.
// node check.mjs SCHEMAS FOLDER...  Exits with 1 and a line for each manifest that a schema refuses, or for each flaw that it lets pass.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';

const [schemas, ...folders] = process.argv.slice(2);
const ours = /^reconciler\.dev\//;

const files = folder => readdirSync(folder).sort().flatMap(name => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? files(path) : /\.ya?ml$/.test(name) ? [path] : [];
});

// A flaw of each sort that an editor must underline; each gets its own copy of a manifest that is right.
const flaws = {
  'an unknown field of spec': manifest => { manifest.spec.memberz = []; },
  'an unknown field of the document': manifest => { manifest.specs = {}; },
  'a missing spec': manifest => { delete manifest.spec; },
  'a missing name': manifest => { delete manifest.metadata.name; },
  'a name in capitals': manifest => { manifest.metadata.name = 'Not-A-Name'; },
  'an unknown kind': manifest => { manifest.kind = 'Teem'; },
  'another version': manifest => { manifest.apiVersion = 'reconciler.dev/v0'; },
};

const complaints = [];
const checks = new Map();
for (const name of readdirSync(schemas).sort()) {
  // Strict: an unknown keyword or format is an error. What Ajv only finds poor style (required beside properties of another branch, type lists) is not.
  const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true, allErrors: true });
  try {
    checks.set(name, ajv.compile(JSON.parse(readFileSync(join(schemas, name), 'utf8'))));
  } catch (error) {
    complaints.push(`${name}: is no schema: ${error.message}`);
  }
}

const any = checks.get('reconciler.json');
let manifests = 0;
for (const path of folders.flatMap(files)) {
  for (const document of parseAllDocuments(readFileSync(path, 'utf8'))) {
    for (const error of document.errors) complaints.push(`${path}: ${error.message}`);
    const manifest = document.toJS();
    if (!ours.test(manifest?.apiVersion)) continue;
    manifests += 1;
    const kind = checks.get(`${manifest.kind.toLowerCase()}.json`);
    for (const [name, check] of Object.entries({ 'reconciler.json': any, [`${manifest.kind.toLowerCase()}.json`]: kind })) {
      if (!check) complaints.push(`${path}: there is no usable ${name}`);
      else if (!check(manifest)) complaints.push(`${path}: ${manifest.kind} ${manifest.metadata?.name}: ${name} refuses it: ${check.errors.map(e => `${e.instancePath || '/'} ${e.message}`).join('; ')}`);
      else {
        for (const [what, spoil] of Object.entries(flaws)) {
          const spoilt = structuredClone(manifest);
          spoil(spoilt);
          if (check(spoilt)) complaints.push(`${path}: ${manifest.kind} ${manifest.metadata.name}: ${name} lets ${what} pass`);
        }
      }
    }
  }
}

if (manifests === 0) complaints.push(`no manifest in ${folders.join(', ')}`);
for (const complaint of complaints) console.log(complaint);
console.log(`${checks.size} schemas, ${manifests} manifests, ${complaints.length} complaints`);
process.exit(complaints.length === 0 ? 0 : 1);
