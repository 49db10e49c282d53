// Holds manifests, and settings files of the worker, against the JSON Schemas with a validator that knows nothing of Reconciler, as an editor does.
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

// The same for settings; a file is one by the schema that its first line names.
const settingsFlaws = {
  'an unknown setting': settings => { settings.stat = 'state.db'; },
  'a missing source': settings => { delete settings.source; },
  'two sources': settings => { settings.source = { git: { url: 'https://git.example/a' }, folder: { path: 'a' } }; },
  'an interval that is none': settings => { settings.source = { folder: { path: 'a', interval: 'soon' } }; },
  'an unknown event': settings => { settings.notifications = [{ url: 'https://chat.example/', events: ['helt'] }]; },
};

const complaints = [];
const checks = new Map();
for (const name of readdirSync(schemas).filter(n => n.endsWith('.json')).sort()) {
  // Strict: an unknown keyword or format is an error. What Ajv only finds poor style (required beside properties of another branch, type lists) is not.
  const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true, allErrors: true });
  try {
    checks.set(name, ajv.compile(JSON.parse(readFileSync(join(schemas, name), 'utf8'))));
  } catch (error) {
    complaints.push(`${name}: is no schema: ${error.message}`);
  }
}

const refuse = (place, name, check, value, spoilers) => {
  if (!check) complaints.push(`${place}: there is no usable ${name}`);
  else if (!check(value)) complaints.push(`${place}: ${name} refuses it: ${check.errors.map(e => `${e.instancePath || '/'} ${e.message}`).join('; ')}`);
  else {
    for (const [what, spoil] of Object.entries(spoilers)) {
      const spoilt = structuredClone(value);
      spoil(spoilt);
      if (check(spoilt)) complaints.push(`${place}: ${name} lets ${what} pass`);
    }
  }
};

const any = checks.get('reconciler.json');
let manifests = 0;
let settings = 0;
for (const path of folders.flatMap(files)) {
  const text = readFileSync(path, 'utf8');
  for (const document of parseAllDocuments(text)) {
    for (const error of document.errors) complaints.push(`${path}: ${error.message}`);
    const value = document.toJS();
    if (/^# yaml-language-server: \$schema=\S*\/worker\.json$/m.test(text.split('\n', 1)[0])) {
      settings += 1;
      refuse(path, 'worker.json', checks.get('worker.json'), value, settingsFlaws);
    }

    if (!ours.test(value?.apiVersion)) continue;
    manifests += 1;
    const kind = `${value.kind.toLowerCase()}.json`;
    // A VendorDefinition is the runner's and no manifest, so the schema of manifests has no such kind.
    const named = value.kind === 'VendorDefinition' ? {} : { 'reconciler.json': any };
    for (const [name, check] of Object.entries({ ...named, [kind]: checks.get(kind) })) refuse(`${path}: ${value.kind} ${value.metadata?.name}`, name, check, value, flaws);
  }
}

if (manifests === 0) complaints.push(`no manifest in ${folders.join(', ')}`);
for (const complaint of complaints) console.log(complaint);
console.log(`${checks.size} schemas, ${manifests} manifests, ${settings} settings, ${complaints.length} complaints`);
process.exit(complaints.length === 0 ? 0 : 1);
