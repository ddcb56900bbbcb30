// That the checks see what is wrong: each takes one thing from the dev overlay, and is told of that.
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkAll, checkSchema } from './check.mjs';
import { flags, render } from './main.mjs';

const rendered = render('k8s/overlays/dev');
const check = (objects) => checkAll(objects, { outside: [], flags: flags() });

// The complaints when `change` was made to a copy of the object.
function complaintsAfter(kind, name, change) {
  const objects = structuredClone(rendered);
  const object = objects.find((one) => one.kind === kind && one.metadata.name.match(`^${name}(-[a-z0-9]{10})?$`));
  assert.ok(object, `${kind}/${name}`);
  const kept = change(object, objects);
  return check(kept ?? objects).join('\n');
}

const container = (object) => object.spec.template.spec.containers[0];

test('the overlay as it is has nothing to complain about', () => assert.deepEqual(check(rendered), []));

for (const [what, kind, name, change, complaint] of [
  ['a missing readiness probe', 'Deployment', 'ledgerd', (one) => { delete container(one).readinessProbe; }, /readinessProbe is missing/],
  ['a missing liveness probe', 'Deployment', 'redis', (one) => { delete container(one).livenessProbe; }, /livenessProbe is missing/],
  ['a missing limit', 'Deployment', 'ledgerd', (one) => { delete container(one).resources.limits.memory; }, /limits.memory is missing/],
  ['a missing request', 'Job', 'council-migrate', (one) => { delete container(one).resources.requests.cpu; }, /requests.cpu is missing/],
  ['a missing limit of a job by the clock', 'CronJob', 'council-calibrate', (one) => { delete one.spec.jobTemplate.spec.template.spec.containers[0].resources.limits.memory; }, /limits.memory is missing/],
  ['a misspelt field', 'Deployment', 'ledgerd', (one) => { container(one).readinesProbe = {}; }, /readinesProbe: the schema knows no such field/],
  ['a misspelt field deep down', 'NetworkPolicy', 'ledgerd', (one) => { one.spec.ingress[0].port = 1; }, /port: the schema knows no such field/],
  ['a misspelt field that stands alone', 'Deployment', 'ledgerd', (one) => { container(one).lifecycle = { preStopp: {} }; }, /preStopp: the schema knows no such field/],
  ['a misspelt selector', 'NetworkPolicy', 'ledgerd', (one) => { one.spec.podSelector = { matchLabel: {} }; }, /matchLabel: the schema knows no such field/],
  ['a key that a Secret lacks', 'Deployment', 'ledgerd', (one) => { container(one).env.find((variable) => variable.valueFrom).valueFrom.secretKeyRef.key = 'legder'; }, /has no legder/],
  ['a volume that is not there', 'Deployment', 'ledgerd', (one) => { one.spec.template.spec.volumes.shift(); }, /there is no volume/],
  ['a port that no container has', 'Service', 'ledgerd', (one) => { one.spec.ports[0].targetPort = 'grcp'; }, /no container has the port grcp/],
  ['too little time to end', 'Deployment', 'ledgerd', (one) => { one.spec.template.spec.terminationGracePeriodSeconds = 20; }, /must leave room/],
  ['a password in a ConfigMap', 'ConfigMap', 'council', (one) => { one.data.COUNCIL_CACHE = 'redis://:secret@redis:6379'; }, /holds a password/],
  ['no way to DNS', 'NetworkPolicy', 'council-dns', (one, all) => all.filter((other) => other !== one), /can't ask DNS/],
  ['a wrong type', 'Deployment', 'ledgerd', (one) => { one.spec.replicas = 'two'; }, /replicas/],
  ['an image without a version', 'Deployment', 'ledgerd', (one) => { container(one).image = 'council'; }, /names no version/],
  ['root', 'Deployment', 'ledgerd', (one) => { one.spec.template.spec.securityContext.runAsUser = 0; }, /runs as root/],
  ['capabilities', 'Deployment', 'redis', (one) => { container(one).securityContext.capabilities = { add: ['NET_ADMIN'] }; }, /adds capabilities/],
  ['a writable root', 'Deployment', 'ledgerd', (one) => { container(one).securityContext.readOnlyRootFilesystem = false; }, /readOnlyRootFilesystem/],
  ['a token of the API server', 'Deployment', 'ledgerd', (one) => { delete one.spec.template.spec.automountServiceAccountToken; }, /automountServiceAccountToken/],
  ['a path of the host', 'Deployment', 'ledgerd', (one) => { one.spec.template.spec.volumes.push({ name: 'host', hostPath: { path: '/' } }); }, /is a hostPath/],
  ['a rollout that takes a copy first', 'Deployment', 'ledgerd', (one) => { one.spec.strategy.rollingUpdate.maxUnavailable = 1; }, /must not take a copy/],
  ['no pause before the end', 'Deployment', 'ledgerd', (one) => { delete container(one).lifecycle; }, /preStop must pause/],
  ['a Secret that is not there', 'Secret', 'council-keyring', (one, all) => all.filter((other) => other !== one), /there is no Secret council-keyring/],
  ['a password in clear', 'Deployment', 'ledgerd', (one) => { container(one).env.push({ name: 'COUNCIL_CACHE', value: 'redis://:secret@redis:6379' }); }, /must come from a Secret/],
  ['a flag that no program has', 'ConfigMap', 'council', (one) => { one.data.COUNCIL_LOG_FORMATS = 'json'; }, /COUNCIL_LOG_FORMATS: no program/],
  ['a service that selects nothing', 'Service', 'ledgerd', (one) => { one.spec.selector = { app: 'ledger' }; }, /selects nothing/],
  ['a service that is not headless', 'Service', 'ledgerd', (one) => { delete one.spec.clusterIP; }, /must be headless/],
  ['no policy at all', 'NetworkPolicy', 'council-default-deny', (one, all) => all.filter((other) => other.kind !== 'NetworkPolicy'), /no NetworkPolicy holds its egress/],
  ['a caller that is not let in', 'NetworkPolicy', 'ledgerd', (one) => { one.spec.ingress[0].from = [one.spec.ingress[0].from[0]]; }, /ledgerd does not let it in on port 7422/],
  ['a caller that is not let out', 'NetworkPolicy', 'recommendationsd', (one) => { one.spec.egress = []; }, /is not let out to ledgerd:7422/],
]) {
  test(`${what} is found`, () => assert.match(complaintsAfter(kind, name, change), complaint));
}

test('an object of a kind that nobody knows is found', () => {
  assert.match(checkSchema({ apiVersion: 'apps/v1', kind: 'Deploiment', metadata: { name: 'a' } }).join(), /no schema/);
});
