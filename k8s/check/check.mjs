// What must hold of rendered manifests, beyond that kustomize can render them. Each check returns sentences, none where
// all is well.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const name = (object) => `${object.kind}/${object.metadata?.name}`;
// What COUNCIL_DRAIN_SECONDS is by default, and in the base.
const drainSeconds = 20;
const suite = ['contactsd', 'ledgerd', 'recommendationsd'];

// The validator that kubernetes-models made from the schema of this kind of object.
function validatorOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const custom = `${group.split(/[.-]/).filter(Boolean).map(capital).join('')}${capital(version)}${kind}`;
  for (const [library, schema] of [
    ['kubernetes-models', `IoK8sApi${capital(group.split('.')[0] || 'core')}${capital(version)}${kind}`],
    ['@kubernetes-models/cert-manager', custom],
    ['@kubernetes-models/prometheus-operator', custom],
  ]) {
    const path = join(dirname(require.resolve(library)), '_schemas', `${schema}.js`);
    if (existsSync(path)) return require(path).validate;
  }
  return undefined;
}

// `value`, and a record of which members of which objects were looked at: what a validator never looks at, its schema does
// not know. The API server drops such members without a word.
function watched(value, path, seen) {
  if (value === null || typeof value !== 'object') return value;
  if (!seen.has(path)) seen.set(path, { target: value, members: new Set() });
  return new Proxy(value, {
    get(target, member, receiver) {
      const got = Reflect.get(target, member, receiver);
      if (typeof member !== 'string' || !Object.hasOwn(target, member)) return got;
      seen.get(path).members.add(member);
      return watched(got, `${path}/${member}`, seen);
    },
  });
}

export function checkSchema(object) {
  const validate = validatorOf(object);
  if (!validate) return [`${name(object)}: no schema of ${object.apiVersion} ${object.kind} is known`];
  const seen = new Map();
  if (!validate(watched(object, '', seen))) {
    return validate.errors.map((error) => `${name(object)}${error.instancePath}: ${error.message ?? error.keyword} ${JSON.stringify(error.params)}`);
  }
  const complaints = [];
  for (const [path, { target, members }] of seen) {
    if (Array.isArray(target)) continue;
    for (const member of Object.keys(target)) {
      if (!members.has(member)) complaints.push(`${name(object)}${path}/${member}: the schema knows no such field`);
    }
  }
  return complaints;
}

const podTemplate = (object) => (object.kind === 'Pod' ? object : object.kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec?.template);
const hasPods = (object) => ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod'].includes(object.kind);

// Pod Security Standards, restricted (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and what
// it leaves open: a read-only root and no token of the API server.
export function checkRestricted(object) {
  if (!hasPods(object)) return [];
  const complaints = [];
  const complain = (text) => complaints.push(`${name(object)}: ${text}`);
  const pod = podTemplate(object).spec;
  const volumes = new Set(['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret']);
  for (const host of ['hostNetwork', 'hostPID', 'hostIPC']) if (pod[host]) complain(`${host} is set`);
  for (const volume of pod.volumes ?? []) {
    for (const type of Object.keys(volume)) {
      if (type !== 'name' && !volumes.has(type)) complain(`volume ${volume.name} is a ${type}`);
    }
  }
  if (pod.automountServiceAccountToken !== false) complain('automountServiceAccountToken must be false');
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    const context = { ...pod.securityContext, ...container.securityContext };
    const bad = (text) => complain(`container ${container.name}: ${text}`);
    if (context.runAsNonRoot !== true) bad('runAsNonRoot must be true');
    if (context.runAsUser === 0) bad('runs as root');
    if (!['RuntimeDefault', 'Localhost'].includes(context.seccompProfile?.type)) bad('seccompProfile must be RuntimeDefault');
    if (context.allowPrivilegeEscalation !== false) bad('allowPrivilegeEscalation must be false');
    if (context.privileged) bad('is privileged');
    if (context.procMount && context.procMount !== 'Default') bad('procMount is not the default');
    if (!(context.capabilities?.drop ?? []).includes('ALL')) bad('capabilities: drop must have ALL');
    if ((context.capabilities?.add ?? []).some((added) => added !== 'NET_BIND_SERVICE')) bad('adds capabilities');
    if (context.readOnlyRootFilesystem !== true) bad('readOnlyRootFilesystem must be true');
    if ((container.ports ?? []).some((port) => port.hostPort)) bad('has a hostPort');
  }
  return complaints;
}

export function checkRunning(object) {
  if (!hasPods(object)) return [];
  const complaints = [];
  const pod = podTemplate(object).spec;
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    const bad = (text) => complaints.push(`${name(object)}: container ${container.name}: ${text}`);
    for (const [kind, resource] of [['requests', 'cpu'], ['requests', 'memory'], ['limits', 'cpu'], ['limits', 'memory']]) {
      if (container.resources?.[kind]?.[resource] === undefined) bad(`resources.${kind}.${resource} is missing`);
    }
    const tag = container.image?.split('/').pop().split(':')[1];
    if (!container.image?.includes('@sha256:') && (!tag || tag === 'latest')) bad(`image ${container.image} names no version`);
    if (object.kind === 'Job' || object.kind === 'CronJob') continue;
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      if (!container[probe]) bad(`${probe} is missing`);
    }
  }
  if (object.kind === 'Deployment' && suite.includes(object.metadata.name)) {
    const bad = (text) => complaints.push(`${name(object)}: ${text}`);
    const [container] = pod.containers;
    const pause = container.lifecycle?.preStop?.sleep?.seconds;
    if (!pause) bad('preStop must pause');
    if (container.readinessProbe && !container.readinessProbe.grpc) bad('is not probed by gRPC');
    if (object.spec.strategy?.rollingUpdate?.maxUnavailable !== 0) bad('a rollout must not take a copy before there is a new one');
    if (!(pod.terminationGracePeriodSeconds >= pause + drainSeconds + 5)) bad('terminationGracePeriodSeconds must leave room for the pause and the drain');
    if (!(object.spec.minReadySeconds + pause >= 30)) bad('minReadySeconds and the pause must outlive what DNS remembers (30 s)');
    if (!pod.topologySpreadConstraints?.length) bad('copies are not spread');
  }
  return complaints;
}

// What objects say of each other. `outside` are the Secrets that come from elsewhere.
export function checkTogether(objects, outside) {
  const complaints = [];
  const named = (kind) => new Set(objects.filter((object) => object.kind === kind).map((object) => object.metadata.name));
  const secrets = new Set([...named('Secret'), ...outside]);
  for (const object of objects.filter((one) => one.kind === 'Certificate')) secrets.add(object.spec.secretName);
  const there = { Secret: secrets, ConfigMap: named('ConfigMap'), ServiceAccount: named('ServiceAccount'), PersistentVolumeClaim: named('PersistentVolumeClaim') };
  const need = (object, kind, wanted, key) => {
    if (wanted === undefined) return;
    if (!there[kind].has(wanted)) complaints.push(`${name(object)}: there is no ${kind} ${wanted}`);
    const rendered = objects.find((one) => one.kind === kind && one.metadata.name === wanted);
    if (key && rendered && rendered.data?.[key] === undefined) complaints.push(`${name(object)}: ${kind} ${wanted} has no ${key}`);
  };
  const matches = (selector, labels) => Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels?.[key] === value)
    && (selector?.matchExpressions ?? []).every(({ key, values }) => values?.includes(labels?.[key]));

  const withPods = objects.filter(hasPods);
  for (const object of withPods) {
    const pod = podTemplate(object).spec;
    need(object, 'ServiceAccount', pod.serviceAccountName);
    for (const volume of pod.volumes ?? []) {
      need(object, 'Secret', volume.secret?.secretName);
      need(object, 'ConfigMap', volume.configMap?.name);
      need(object, 'PersistentVolumeClaim', volume.persistentVolumeClaim?.claimName);
    }
    for (const container of pod.containers) {
      for (const mount of container.volumeMounts ?? []) {
        if (!(pod.volumes ?? []).some((volume) => volume.name === mount.name)) complaints.push(`${name(object)}: there is no volume ${mount.name}`);
      }
      for (const from of container.envFrom ?? []) {
        need(object, 'ConfigMap', from.configMapRef?.name);
        need(object, 'Secret', from.secretRef?.name);
      }
      for (const variable of container.env ?? []) {
        for (const [kind, from] of [['Secret', variable.valueFrom?.secretKeyRef], ['ConfigMap', variable.valueFrom?.configMapKeyRef]]) {
          need(object, kind, from?.name, from?.key);
        }
        if (/PASSWORD|STORAGE$|CACHE$|KEY$/.test(variable.name) && variable.value !== undefined && !variable.value.startsWith('/')) {
          complaints.push(`${name(object)}: ${variable.name} must come from a Secret`);
        }
      }
    }
    const labels = podTemplate(object).metadata?.labels;
    for (const direction of ['Ingress', 'Egress']) {
      const policies = objects.filter((one) => one.kind === 'NetworkPolicy' && one.spec.policyTypes?.includes(direction) && matches(one.spec.podSelector, labels));
      if (policies.length === 0) complaints.push(`${name(object)}: no NetworkPolicy holds its ${direction.toLowerCase()}`);
      if (direction === 'Egress' && labels['app.kubernetes.io/part-of'] === 'council' && !policies.some((one) => (one.spec.egress ?? []).some((rule) => rule.ports?.some((open) => open.port === 53)))) {
        complaints.push(`${name(object)}: can't ask DNS`);
      }
    }
  }
  for (const service of objects.filter((one) => one.kind === 'Service')) {
    if (!withPods.some((object) => matches({ matchLabels: service.spec.selector }, podTemplate(object).metadata?.labels))) {
      complaints.push(`${name(service)}: selects nothing`);
    }
    for (const { targetPort } of service.spec.ports) {
      const named = withPods.flatMap((object) => podTemplate(object).spec.containers.flatMap((container) => container.ports ?? []));
      if (!named.some((port) => port.name === targetPort || port.containerPort === targetPort)) complaints.push(`${name(service)}: no container has the port ${targetPort}`);
    }
    if (suite.includes(service.metadata.name) && service.spec.clusterIP !== 'None') complaints.push(`${name(service)}: must be headless`);
  }
  for (const one of objects.filter((object) => object.kind === 'HorizontalPodAutoscaler')) {
    const { kind, name: target } = one.spec.scaleTargetRef;
    if (!named(kind).has(target)) complaints.push(`${name(one)}: there is no ${kind} ${target}`);
  }
  for (const one of objects.filter((object) => object.kind === 'Certificate')) {
    if (!named(one.spec.issuerRef.kind).has(one.spec.issuerRef.name)) complaints.push(`${name(one)}: there is no issuer ${one.spec.issuerRef.name}`);
  }
  for (const one of objects.filter((object) => object.kind === 'ConfigMap')) {
    for (const [key, value] of Object.entries(one.data ?? {})) {
      if (/:\/\/[^/\s]*:[^/\s]+@|PRIVATE KEY/.test(value)) complaints.push(`${name(one)}: ${key} holds a password or a key`);
    }
  }
  // Whoever is called in a dns:/// address lets its caller in, and the caller out.
  for (const object of withPods) {
    for (const { value } of podTemplate(object).spec.containers.flatMap((container) => container.env ?? [])) {
      const [, callee, port] = /^dns:\/\/\/([a-z]+):(\d+)$/.exec(value ?? '') ?? [];
      if (!callee) continue;
      const caller = podTemplate(object).metadata.labels;
      const allowed = (policyOf, direction, peers, peer) => objects.some((one) => one.kind === 'NetworkPolicy'
        && matches(one.spec.podSelector, { 'app.kubernetes.io/name': policyOf, 'app.kubernetes.io/part-of': 'council' })
        && (one.spec[direction] ?? []).some((rule) => rule.ports?.some((open) => open.port === Number(port))
          && rule[peers]?.some((one) => one.podSelector && !one.namespaceSelector && matches(one.podSelector, peer))));
      if (!allowed(callee, 'ingress', 'from', caller)) complaints.push(`${name(object)}: ${callee} does not let it in on port ${port}`);
      if (!allowed(caller['app.kubernetes.io/name'], 'egress', 'to', { 'app.kubernetes.io/name': callee })) {
        complaints.push(`${name(object)}: is not let out to ${callee}:${port}`);
      }
    }
  }
  return complaints;
}

// Each COUNCIL_… that a manifest sets is a flag of the program, as docs/flags.md lists them.
export function checkFlags(objects, flags) {
  const variables = new Set();
  for (const object of objects) {
    for (const container of (hasPods(object) && podTemplate(object).spec.containers) || []) {
      for (const { name: variable } of container.env ?? []) variables.add(variable);
    }
    if (object.kind === 'ConfigMap') Object.keys(object.data ?? {}).forEach((key) => variables.add(key));
  }
  return [...variables]
    .filter((variable) => variable.startsWith('COUNCIL_') && !flags.includes(`--${variable.slice('COUNCIL_'.length).toLowerCase().replaceAll('_', '-')} `))
    .map((variable) => `${variable}: no program has such a flag`);
}

export function checkAll(objects, { outside, flags }) {
  return [...objects.flatMap((object) => [...checkSchema(object), ...checkRestricted(object), ...checkRunning(object)]),
    ...checkTogether(objects, outside), ...checkFlags(objects, flags)];
}
