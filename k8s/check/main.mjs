// Renders every overlay and checks what comes out. Usage: node k8s/check/main.mjs [--write]; KUSTOMIZE names the program.
// --write makes the PrometheusRule of deploy/observability/alerts.yaml anew.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { checkAll } from './check.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const rule = join(root, 'k8s/components/monitoring/prometheus-rule.yaml');
const read = (path) => readFileSync(join(root, path), 'utf8');

export function render(directory) {
  const text = execFileSync(process.env.KUSTOMIZE ?? 'kustomize', ['build', join(root, directory)], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const objects = parseAllDocuments(text).map((document) => document.toJS()).filter(Boolean);
  // kustomize breaks long values into lines, which base64 may have and schemas do not expect.
  for (const secret of objects.filter((one) => one.kind === 'Secret')) {
    for (const key of Object.keys(secret.data)) secret.data[key] = secret.data[key].replaceAll(/\s/g, '');
  }
  return objects;
}

// Secrets that k8s/README.md tells the operator to bring: the table's first column.
export function documentedSecrets() {
  return [...read('k8s/README.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, secret]) => secret);
}

export const flags = () => read('docs/flags.md');

const ruleText = () => `# Made from deploy/observability/alerts.yaml by make k8s-check WRITE=1; change it there.\n${stringify({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'council' },
  spec: parse(read('deploy/observability/alerts.yaml')),
}, { lineWidth: 0 })}`;

function main() {
  if (process.argv.includes('--write')) writeFileSync(rule, ruleText());
  let complaints = 0;
  const complain = (where, text) => {
    complaints += 1;
    console.error(`${where}: ${text}`);
  };
  if (!existsSync(rule) || readFileSync(rule, 'utf8') !== ruleText()) {
    complain('prometheus-rule.yaml', 'is not what deploy/observability/alerts.yaml says: make k8s-check WRITE=1');
  }
  for (const overlay of readdirSync(join(root, 'k8s/overlays')).sort()) {
    const objects = render(`k8s/overlays/${overlay}`);
    for (const text of checkAll(objects, { outside: overlay === 'dev' ? [] : documentedSecrets(), flags: flags() })) complain(overlay, text);
    console.log(`${overlay}: ${objects.length} objects checked`);
  }
  process.exitCode = complaints === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
