// Runs the dev overlay's own manifests with podman, uses the suite through the command line, and rolls each service out
// anew under load: no call may fail. What a cluster does and podman does not is done here, and no more: names of Services,
// the migration Job, what Secrets look like in a volume, and the order of a rollout.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { render } from './main.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const work = mkdtempSync(join(tmpdir(), 'council-smoke-'));
const own = join(work, 'podman');
const network = 'council-smoke';
const base = 'localhost/council-base:bookworm';
const image = 'localhost/council:dev';
const secretsDirectory = join(root, 'k8s/overlays/dev/secrets');
const started = Date.now();
const say = (text) => console.log(`[${Math.round((Date.now() - started) / 1000)} s] ${text}`);

// A podman of the smoke test's own: storage, network and settings go with it.
function setUpPodman() {
  writeFileSync(join(work, 'containers.conf'), `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
[network]
network_backend = "netavark"
network_config_dir = "${join(work, 'networks')}"
`);
  const real = execFileSync('sh', ['-c', 'command -v podman'], { encoding: 'utf8' }).trim();
  writeFileSync(own, `#!/bin/sh\nexec ${real} --root ${work}/storage --runroot ${work}/run --log-level=error "$@"\n`);
  chmodSync(own, 0o755);
  Object.assign(process.env, { CONTAINERS_CONF: join(work, 'containers.conf'), CONTAINER_TOOL: own, BUILDAH_ISOLATION: 'chroot' });
  execFileSync(own, ['info'], { stdio: 'ignore' });
}

// Only what is the test's own: each command goes to its own storage.
function tearDown() {
  for (const args of [['pod', 'rm', '--force', '--all'], ['rm', '--force', '--all'], ['network', 'rm', '--force', network]]) {
    if (existsSync(own)) run(own, args, { mayFail: true });
  }
  // podman keeps it mounted.
  run('umount', [join(work, 'storage/overlay')], { mayFail: true });
  rmSync(work, { recursive: true, force: true });
}

function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (done.status !== 0 && !options.mayFail) {
    throw new Error(`${program} ${args.join(' ')} failed (${done.status}):\n${done.stdout ?? ''}${done.stderr ?? ''}`);
  }
  return options.mayFail ? done : (done.stdout ?? '').trim();
}
const podman = (...args) => run(own, args);

// The suite's image, by deploy/Dockerfile, with the programs that lie in build/release/bin; and one with Debian's
// PostgreSQL and Redis, under the names of the images that the overlay has.
function buildImages() {
  say('building a base image from Debian\'s archive');
  run(join(root, 'deploy/base-image.sh'), [base]);
  say('building the image');
  run(join(root, 'deploy/image.sh'), [image], { env: { ...process.env, BASE_IMAGE: base, PROGRAMS: 'prebuilt' } });
  say('building PostgreSQL and Redis');
  const file = join(work, 'trial.Dockerfile');
  writeFileSync(file, `FROM ${base}
RUN groupadd -g 999 trial && useradd -u 999 -g 999 -d /var/lib/postgresql trial \\
 && apt-get update && apt-get install -y --no-install-recommends postgresql redis-server && rm -rf /var/lib/apt/lists/*
`);
  podman('build', '-q', '-f', file, '-t', 'docker.io/library/postgres:15', '-t', 'docker.io/library/redis:7', work);
  // What is still to be written would hold up PostgreSQL, which waits for the disk with each commit.
  run('sync', []);
}

const volumesOf = (object) => object.spec.template.spec.volumes ?? [];

class Cluster {
  constructor(objects) {
    this.objects = objects;
    // For whoever asks why a call failed: what copies that are gone had to say, and the address that each pod had.
    this.warnings = [];
    this.addresses = [];
  }

  of(kind, name) {
    const found = this.objects.find((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
    if (!found) throw new Error(`the overlay has no ${kind} ${name}`);
    return found;
  }

  // podman wants Secrets for variables as a map in JSON, those for volumes as an object whose values are not encoded.
  addSecrets() {
    const mounted = new Set(this.objects.filter((one) => one.spec?.template).flatMap(volumesOf).map((volume) => volume.secret?.secretName));
    for (const secret of this.objects.filter((one) => one.kind === 'Secret')) {
      const decoded = Object.fromEntries(Object.entries(secret.data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
      const content = mounted.has(secret.metadata.name) ? stringify({ ...secret, data: decoded }) : JSON.stringify(secret.data);
      const file = join(work, 'secret');
      writeFileSync(file, content, { mode: 0o600 });
      podman('secret', 'create', secret.metadata.name, file);
      rmSync(file);
    }
  }

  // Plays what runs a Deployment or a Job, as a pod of this name that answers to `alias`.
  play(workload, pod, alias) {
    const template = structuredClone(workload.spec.template);
    for (const volume of template.spec.volumes ?? []) if (volume.secret) volume.secret.optional = false;
    // podman would publish them on this machine, and two copies can't have one.
    for (const container of template.spec.containers) delete container.ports;
    const claims = new Set((template.spec.volumes ?? []).map((volume) => volume.persistentVolumeClaim?.claimName));
    const documents = [...this.objects.filter((one) => one.kind === 'ConfigMap' || (one.kind === 'PersistentVolumeClaim' && claims.has(one.metadata.name))),
      { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: pod }, spec: template.spec }];
    const file = join(work, `${pod}.yaml`);
    writeFileSync(file, documents.map((document) => stringify(document)).join('---\n'));
    podman('kube', 'play', '--start=false', '--network', `${network}:alias=${alias}`, file);
    const { fsGroup } = template.spec.securityContext;
    for (const volume of template.spec.volumes ?? []) {
      const name = volume.secret?.secretName ?? volume.persistentVolumeClaim?.claimName;
      if (!name) continue;
      const directory = podman('volume', 'inspect', '--format', '{{.Mountpoint}}', name);
      if (volume.persistentVolumeClaim) {
        chownSync(directory, 0, fsGroup);
        chmodSync(directory, 0o2775);
        continue;
      }
      for (const entry of readdirSync(directory)) {
        chownSync(join(directory, entry), 0, fsGroup);
        chmodSync(join(directory, entry), volume.secret.defaultMode);
      }
    }
    podman('pod', 'start', pod);
    const infra = podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod);
    this.addresses.push(`${pod} ${podman('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', infra)}`);
  }

  // Until gRPC's health service says that the pod's program serves, as the kubelet's probe would.
  async waitUntilReady(pod, container, seconds = 60) {
    for (const deadline = Date.now() + seconds * 1000; ;) {
      if (run(own, ['exec', `${pod}-${container}`, `/usr/local/bin/${container}`, 'health'], { mayFail: true }).status === 0) return;
      if (Date.now() > deadline) {
        const logs = run(own, ['logs', `${pod}-${container}`], { mayFail: true });
        throw new Error(`${pod} does not come up:\n${logs.stdout}${logs.stderr}`);
      }
      await pause(250);
    }
  }

  async deploy(name, generation) {
    this.play(this.of('Deployment', name), `${name}-${generation}`, name);
    await this.waitUntilReady(`${name}-${generation}`, name);
  }

  // As the Deployment's strategy says: the new copy first; then it is known for a while; then the old one is told to go.
  async rollOut(name, generation) {
    const { minReadySeconds, template: { spec } } = this.of('Deployment', name).spec;
    await this.deploy(name, generation + 1);
    await pause((minReadySeconds + spec.containers[0].lifecycle.preStop.sleep.seconds) * 1000);
    // Not the pod at once, since podman ends a pod's network beside its containers: who drains would have none.
    podman('stop', '--time', String(spec.terminationGracePeriodSeconds), `${name}-${generation}-${name}`);
    const logs = run(own, ['logs', `${name}-${generation}-${name}`], { mayFail: true });
    this.warnings.push(...logs.stderr.split('\n').filter((line) => line.includes('"level":"warn')));
    if (!`${logs.stderr}`.includes('"message":"ended"')) throw new Error(`${name} did not end by itself:\n${logs.stderr.slice(-2000)}`);
    podman('pod', 'rm', '--force', `${name}-${generation}`);
  }

  // Containers that ended where nobody told them to, and were started again: clients' retries could hide it.
  restarted() {
    const running = podman('ps', '--format', '{{.Names}}').split('\n').filter((name) => !name.endsWith('-infra'));
    return running.map((name) => podman('inspect', '--format', '{{.Name}}: {{.RestartCount}} restarts, OOM-killed {{.State.OOMKilled}}', name))
      .filter((line) => !line.includes(': 0 restarts'));
  }

  // Waits for PostgreSQL, and does the containers of the Job one after the other.
  async migrate() {
    const job = this.of('Job');
    for (const container of job.spec.template.spec.containers) {
      const one = structuredClone(job);
      one.spec.template.spec.containers = [container];
      for (let tries = 1; ; ++tries) {
        const pod = `migrate-${container.name}-${tries}`;
        this.play({ ...one, spec: { template: { ...one.spec.template, spec: { ...one.spec.template.spec, restartPolicy: 'Never' } } } }, pod, pod);
        const code = Number(podman('wait', `${pod}-${container.name}`));
        const logs = run(own, ['logs', `${pod}-${container.name}`], { mayFail: true });
        podman('pod', 'rm', '-f', pod);
        if (code === 0) break;
        if (tries === job.spec.backoffLimit) throw new Error(`the migration fails:\n${logs.stdout}${logs.stderr}`);
        await pause(1000);
      }
    }
  }
}

const addresses = ['--contacts=dns:///contactsd:7421', '--ledger=dns:///ledgerd:7422', '--recommendations=dns:///recommendationsd:7423'];
const mounted = ['--network', network, '--dns-option', 'timeout:1', '--volume', `${secretsDirectory}:/secrets:ro`, '--user', '0'];

// The command line, in a container of the network.
const council = (...args) => podman('run', '--rm', ...mounted, image, '/usr/local/bin/council', ...args);
const asOwner = (...args) => council(...addresses, '--ca=/secrets/ca.pem', '--access-token-file=/secrets/token', ...args);

async function main() {
  setUpPodman();
  run(join(root, 'k8s/overlays/dev/make-secrets'), []);
  buildImages();
  const size = Number(podman('image', 'inspect', '--format', '{{.Size}}', image));
  say(`the image has ${Math.round(size / 1e6)} MB`);
  podman('network', 'create', network);
  const cluster = new Cluster(render('k8s/overlays/dev'));
  cluster.addSecrets();
  cluster.play(cluster.of('Deployment', 'postgres'), 'postgres-1', 'postgres');
  // Otherwise the bridge takes another address when a container comes whose own is lower, and nobody finds DNS there until
  // half a minute later.
  run('ip', ['link', 'set', podman('network', 'inspect', '--format', '{{.NetworkInterface}}', network), 'address', '02:00:00:00:00:01']);
  cluster.play(cluster.of('Deployment', 'redis'), 'redis-1', 'redis');
  await cluster.migrate();
  say('migrated');
  for (const service of ['contactsd', 'ledgerd', 'recommendationsd']) await cluster.deploy(service, 1);
  say('the suite is up');

  writeFileSync(join(secretsDirectory, 'token'), council('dev-token', '--key=/secrets/signing-key.pem', '--subject=ines'));
  asOwner('contacts', 'add', 'Rosa Lindqvist');
  asOwner('log', 'Rosa Lindqvist', '--channel=phone');
  asOwner('seat', 'Rosa Lindqvist', '--as=mentor');
  const { balance } = JSON.parse(asOwner('balance', '--output=json'));
  if (!(balance.score > 0)) throw new Error(`no balance: ${JSON.stringify(balance)}`);
  const stranger = run(own, ['run', '--rm', ...mounted, image, '/usr/local/bin/council', ...addresses, '--ca=/secrets/ca.pem',
    '--output=json', 'balance'], { mayFail: true });
  if (JSON.parse(stranger.stderr).error.code !== 'UNAUTHENTICATED') throw new Error(`who shows no token is not refused: ${stranger.stderr}`);
  say(`the command line works: balance ${balance.score}`);

  podman('run', '--detach', '--name', 'load', ...mounted, '--volume', `${join(root, 'build/release/tests/council_rollout_load')}:/load:ro`, image,
    '/load', ...addresses, '--ca=/secrets/ca.pem', '--access-token-file=/secrets/token');
  for (const service of ['contactsd', 'ledgerd', 'recommendationsd']) {
    await cluster.rollOut(service, 1);
    say(`${service} is rolled out anew`);
  }
  podman('stop', '--time', '30', 'load');
  const result = podman('logs', 'load');
  const [counted, calls, failed] = /calls: (\d+), failed: (\d+)/.exec(result) ?? ['no calls were counted'];
  say(counted);
  const restarted = cluster.restarted();
  if (!(Number(calls) > 500) || failed !== '0') {
    throw new Error(`calls failed while services were rolled out:\n${result}\nthe pods were ${cluster.addresses.join(', ')}; ${restarted.join('; ') || 'no container was restarted'}; the copies that went warned:\n${cluster.warnings.join('\n')}`);
  }
  if (restarted.length > 0) throw new Error(`not told to end, and ended: ${restarted.join('; ')}`);
  asOwner('verify');
  say('no call failed, and the ledger verifies');
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    tearDown();
    process.exit(1);
  });
}
try {
  if (process.getuid() !== 0) throw new Error('k8s-smoke hands Secrets to pods as a cluster does, which root alone can');
  await main();
} catch (error) {
  const names = existsSync(own) ? podman('ps', '--all', '--format', '{{.Names}}').split('\n') : [];
  for (const container of names.filter((one) => one.includes('d-'))) {
    const logs = run(own, ['logs', '--tail', '15', container], { mayFail: true });
    console.error(`-- ${container}\n${logs.stdout}${logs.stderr}`);
  }
  throw error;
} finally {
  tearDown();
}
