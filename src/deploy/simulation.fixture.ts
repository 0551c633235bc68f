import { type RuntimeLookup, readPointer } from '../consequence/digests.ts';
import type { CheckOutcome, DeclaredCheck } from '../model/check.ts';
import { byCodeUnit, canonicalJson, digestOf, sha256 } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import type { EventDraft, LedgerEvent } from '../model/event.ts';
import { noState, type StateMark } from '../model/record.ts';
import type { Outputs, Plan, RunJob, Runner } from '../run/port.ts';
import { bindTogether, leaseLost } from '../stores/ledger/binding.ts';
import { chain, emptyHead } from '../stores/ledger/chain.ts';
import type { LeaseHolder, LeaseState, Leases, Ledger, StoredDocument } from '../stores/ledger/port.ts';
import type { Parameter, ParameterStore } from '../stores/parameters/port.ts';
import type { Clock } from './clock.ts';
import { cloudChangeOf, recordsOf } from './records.ts';
import type { ComponentWork, DeployEvent, DeployOptions, DeployPorts, DeploySet, SetMember } from './set.ts';

/**
 * A small world for tests of deploys: a ledger, a Parameter Store and a cloud in memory, a runner whose components are pure
 * functions of config and inputs, and a process that can be killed at any step. What survives a kill is what a real one
 * would find: ledger, parameters, cloud and states.
 */
export interface SimulatedComponent {
  readonly id: string;
  readonly config: number;
  /** Outputs it reads of others, by name. */
  readonly reads: readonly { readonly from: string; readonly output: string }[];
  /** Providers it looks up in the cloud. */
  readonly looks?: readonly string[];
  readonly orderOnly?: readonly string[];
  readonly fails?: boolean;
  readonly environment?: string;
  /** What its checks say, by name; `program` is one that a program says, and throws this. */
  readonly checks?: Readonly<Record<string, CheckOutcome | 'breaks'>>;
  readonly program?: KarmaError | 'ends well';
}

interface Kept {
  readonly outputs: Readonly<Record<string, number>>;
  readonly resource: number;
}

export class Killed extends Error {}

export class World {
  readonly events: LedgerEvent[] = [];
  readonly documents = new Map<string, StoredDocument>();
  readonly parameters = new Map<string, Parameter>();
  readonly leases = new Map<string, LeaseState>();
  /** State and cloud of each component: what applies left behind. */
  readonly cloud = new Map<string, Kept>();
  readonly deadHolders = new Set<string>();
  /** Components in the order their applies happened. */
  readonly applied: string[] = [];
  /** How often each component's state was written, whoever did it. */
  readonly serials = new Map<string, number>();
  components: readonly SimulatedComponent[];
  #runs = 0;

  constructor(components: readonly SimulatedComponent[]) {
    this.components = components;
  }

  nextRun(): string {
    this.#runs += 1;
    return `r${this.#runs}`;
  }

  set(id: string, selected: readonly string[] = []): DeploySet {
    return {
      id,
      components: this.components.map((one) => ({
        component: one.id,
        deployment: '',
        environment: one.environment ?? 'prod',
        selected: selected.includes(one.id),
        dependsOn: [...one.reads.map((read) => read.from), ...(one.looks ?? []), ...(one.orderOnly ?? [])],
      })),
    };
  }

  /** What a run of everything, in order, leaves: the right answer. */
  expected(): Record<string, unknown> {
    const left = new Map<string, Kept>();
    for (const one of this.components)
      left.set(
        one.id,
        compute(one, (id) => left.get(id)),
      );
    return Object.fromEntries([...left].map(([id, { outputs }]) => [id, outputs]));
  }

  published(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.parameters]
        .map(([name, one]) => [name, JSON.parse(one.value ?? 'null')] as const)
        .sort(([a], [b]) => byCodeUnit(a, b)),
    );
  }
}

/** `a` follows what it is made of loosely, so that cutoff has something to cut. */
function compute(one: SimulatedComponent, left: (id: string) => Kept | undefined): Kept {
  const read = one.reads.map(({ from, output }) => left(from)?.outputs[output] ?? 0);
  const looked = (one.looks ?? []).map((from) => left(from)?.resource ?? 0);
  const sum = [...read, ...looked].reduce((total, value) => total + value, one.config);
  return { outputs: { a: Math.floor(sum / 3), b: sum % 2 }, resource: Math.floor(sum / 2) };
}

export interface SimulatedProcess {
  readonly ports: DeployPorts;
  readonly heard: DeployEvent[];
  readonly steps: () => number;
}

/** @param killAt the step at which the process dies; everything it tries after that dies too. */
export function process(
  world: World,
  name: string,
  options: { killAt?: number; clock?: Clock } = {},
): SimulatedProcess {
  let steps = 0;
  let dead = false;
  const step = () => {
    steps += 1;
    if (steps === options.killAt) {
      dead = true;
      world.deadHolders.add(name);
    }
    if (dead) throw new Killed(`killed at step ${steps}`);
  };
  const heard: DeployEvent[] = [];
  const holder: LeaseHolder = { id: name, host: 'here', pid: 1, actor: 'ted', since: 'today' };
  const ledger = memoryLedger(world, step);
  const store = memoryStore(world, step);
  const runner = simulatedRunner(world, step);
  const ports: DeployPorts = {
    ledger,
    clock: options.clock ?? stillClock,
    runId: () => world.nextRun(),
    runFolder: (run) => `/runs/${run}`,
    work: (member) => workOf(world, member, runner, store, ledger),
    runStep: async (one) => {
      step();
      const said = world.components.find(({ program }) => program !== undefined)?.program;
      if (one.name === 'program' && said instanceof KarmaError) throw said;
    },
    listen: (event) => heard.push(event),
    holder,
    actor: 'ted',
    door: 'cli',
  };
  return { ports, heard, steps: () => steps };
}

export const usual: DeployOptions = { parallelism: 2 };

export const stillClock: Clock = {
  now: () => '2026-11-24T10:00:00Z',
  monotonic: () => 0,
  sleep: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
};

async function workOf(
  world: World,
  member: SetMember,
  runner: Runner,
  store: ParameterStore,
  ledger: Ledger,
): Promise<ComponentWork> {
  const one = world.components.find((each) => each.id === member.component);
  if (one === undefined) throw new KarmaError('KARMA_NOT_FOUND', `${member.component} is not there`);
  const seal = (value: unknown) => `k:${sha256(canonicalJson(value))}`;
  const runtimes = new Map<string, unknown>();
  for (const id of [one.id, ...one.reads.map((read) => read.from)]) {
    const value = (await store.get(id))?.value;
    if (value !== undefined) runtimes.set(id, JSON.parse(value));
  }
  const lookup: RuntimeLookup = (provider) => {
    const value = runtimes.get(provider);
    return value === undefined ? null : { value, sensitive: [] };
  };
  const consumed = one.reads
    .map(({ from, output }) => readPointer({ provider: from, runtime: from, pointer: `/${output}` }, lookup, seal))
    .sort((a, b) => byCodeUnit(`${a.provider}${a.pointer}`, `${b.provider}${b.pointer}`));
  const cloud = [];
  for (const provider of [...(one.looks ?? [])].sort(byCodeUnit)) {
    cloud.push({ provider, change: cloudChangeOf(await recordsOf(ledger, provider, '')) });
  }
  const own = runtimes.get(one.id);
  const outputsNow =
    own !== null && typeof own === 'object'
      ? Object.fromEntries(Object.entries(own).map(([name, value]) => [name, digestOf(value)]))
      : {};
  return {
    inputs: {
      component: one.id,
      deployment: '',
      config: digestOf(one.config),
      module: { digest: digestOf('module'), pinned: true },
      lockFile: 'not-needed',
      binary: 'simulated 1',
      variables: digestOf({}),
      consumed,
      cloud,
      orderOnly: [...(one.orderOnly ?? [])].sort(byCodeUnit),
      unseen: [],
      blindSpots: [],
    },
    runner,
    job: { folder: one.id, dataFolder: '', init: false, environment: {} },
    outputsNow,
    runtimeExists: own !== undefined && Object.keys(outputsNow).length > 0,
    stateNow: async () => markIn(world, one.id),
    publish: { store, name: one.id },
    ...checksOf(one),
  };
}

function checksOf({ checks = {}, program }: SimulatedComponent): Pick<ComponentWork, 'checks'> {
  const place = { file: 'component.yaml', line: 1 };
  const declared: DeclaredCheck[] = Object.keys(checks).map((name) => ({
    ...{ name, is: digestOf(name), ...place },
    ...{ kind: 'cel', text: name },
  }));
  if (program !== undefined)
    declared.push({ name: 'program', is: digestOf('p'), ...place, kind: 'program', run: ['p'] });
  if (declared.length === 0) return {};
  const judge = ({ name }: DeclaredCheck) => {
    const outcome = checks[name] ?? 'unknown';
    if (outcome === 'breaks') throw new TypeError('secret value');
    return { outcome, reasons: outcome === 'passed' ? [] : [`${name} is ${outcome}`] };
  };
  return { checks: { declared, judge, folder: '/', options: { environment: {}, host: 'here' } } };
}

export function markIn(world: World, id: string): StateMark {
  const serial = world.serials.get(id);
  return serial === undefined ? noState : { serial, lineage: id };
}

function simulatedRunner(world: World, step: () => void): Runner {
  const planned = new Map<string, Kept>();
  const one = (job: RunJob) => world.components.find((each) => each.id === job.folder);
  const runner: Runner = {
    version: async () => 'simulated 1',
    plan: async (job, options) => {
      step();
      const component = one(job);
      const now = world.cloud.get(job.folder);
      const next =
        options.mode === 'destroy' || component === undefined
          ? { outputs: {}, resource: 0 }
          : compute(component, (id) => seen(world, component, id));
      planned.set(job.id, next);
      return { ...planBetween(job, options.mode, now, next), madeOf: markIn(world, job.folder) };
    },
    reopen: async () => {
      throw new Error('no plan is kept here');
    },
    apply: async (job, plan) => {
      step();
      const next = planned.get(job.id);
      if (next === undefined || one(job)?.fails) throw new KarmaError('KARMA_RUN_FAILED', `${job.folder} fails`);
      if (plan.mode === 'destroy') world.cloud.delete(job.folder);
      else world.cloud.set(job.folder, next);
      world.applied.push(job.folder);
      world.serials.set(job.folder, (world.serials.get(job.folder) ?? 0) + 1);
      await Promise.resolve();
      step();
      return { outputs: outputsOf(next.outputs), changes: plan.changes, state: markIn(world, job.folder) };
    },
    outputs: async (job) => outputsOf(world.cloud.get(job.folder)?.outputs ?? {}),
    state: async (job) => markIn(world, job.folder),
    rejoin: async () => 'was gone',
    clean: async () => undefined,
  };
  return runner;
}

/** A run reads what is published; what it looks up stands in the cloud. */
function seen(world: World, component: SimulatedComponent, id: string) {
  const published = world.parameters.get(id)?.value;
  const outputs = published === undefined ? {} : (JSON.parse(published) as Record<string, number>);
  return { outputs, resource: component.looks?.includes(id) ? (world.cloud.get(id)?.resource ?? 0) : 0 };
}

function planBetween(job: RunJob, mode: Plan['mode'], now: Kept | undefined, next: Kept): Plan {
  const resource = now?.resource !== next.resource || (mode === 'destroy' && now !== undefined);
  return {
    mode,
    file: `${job.runFolder}/plan`,
    digest: digestOf([job.id, next]),
    changes: {
      add: resource && mode !== 'destroy' ? 1 : 0,
      change: 0,
      destroy: mode === 'destroy' && resource ? 1 : 0,
    },
    resources: resource ? [{ address: 'x', action: 'update' }] : [],
    drifted: [],
    anyChange: resource || canonicalJson(now?.outputs) !== canonicalJson(next.outputs),
    outputs: outputsOf(next.outputs),
    unknownOutputs: [],
    droppedOutputs: [],
    stateEmpty: now === undefined,
    secrets: [],
  };
}

function outputsOf(values: Readonly<Record<string, number>>): Outputs {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { sensitive: false, digest: digestOf(value), value }]),
  );
}

function memoryLedger(world: World, step: () => void): Ledger {
  const head = () => {
    const last = world.events.at(-1);
    return last === undefined ? emptyHead : { seq: last.seq, hash: last.hash };
  };
  return {
    head: async () => head(),
    append: async (drafts: readonly EventDraft[], _expect, together = {}) => {
      step();
      for (const { name, fence } of together.leases ?? []) {
        const now = world.leases.get(name);
        if (now?.fence !== fence || now.holder === undefined) throw leaseLost(name);
      }
      const { documents = [] } = together;
      const revisionOf = (kind: string, id: string) => world.documents.get(`${kind} ${id}`)?.revision ?? 0;
      if (documents.some(({ kind, id, revision }) => revisionOf(kind, id) !== revision)) return false;
      for (const { kind, id, body, revision } of documents)
        world.documents.set(`${kind} ${id}`, { id, revision: revision + 1, body: JSON.parse(canonicalJson(body)) });
      const events = chain(head(), bindTogether(drafts, undefined, together));
      world.events.push(...events);
      return events;
    },
    counter: async () => 0,
    read: async ({ after, limit, backwards = false, action = '', subject }) => {
      const fits = (one: LedgerEvent) =>
        (action === '' || one.action === action || (action.endsWith('.') && one.action.startsWith(action))) &&
        (subject === undefined || one.subject === subject) &&
        (after === undefined || (backwards ? one.seq < after : one.seq > after));
      const found = world.events.filter(fits);
      return (backwards ? found.toReversed() : found).slice(0, limit);
    },
    putObject: async () => '',
    getObject: async () => undefined,
    getDocument: async (kind, id) => world.documents.get(`${kind} ${id}`),
    putDocument: async (kind, id, body, revision) => {
      step();
      const now = world.documents.get(`${kind} ${id}`)?.revision ?? 0;
      if (now !== revision) return false;
      world.documents.set(`${kind} ${id}`, { id, revision: revision + 1, body: JSON.parse(canonicalJson(body)) });
      return true;
    },
    listDocuments: async (kind, { after = '', limit = 1000 } = {}) =>
      [...world.documents]
        .filter(([key, one]) => key === `${kind} ${one.id}` && one.id > after)
        .map(([, one]) => one)
        .sort((a, b) => byCodeUnit(a.id, b.id))
        .slice(0, limit),
    leases: memoryLeases(world),
    close: async () => undefined,
  };
}

function memoryLeases(world: World): Leases {
  const take = (name: string, holder: LeaseHolder, ttlMs: number) => {
    const fence = (world.leases.get(name)?.fence ?? 0) + 1;
    world.leases.set(name, { name, fence, beats: 0, ttlMs, holder });
    return { name, fence, holder };
  };
  return {
    acquire: async (name, holder, ttlMs) => {
      const held = world.leases.get(name)?.holder;
      return held !== undefined && !world.deadHolders.has(held.id) ? null : take(name, holder, ttlMs);
    },
    takeOver: async (name, seen, holder, ttlMs) => {
      const now = world.leases.get(name);
      return now?.fence === seen.fence && now.beats === seen.beats ? take(name, holder, ttlMs) : null;
    },
    heartbeat: async (lease) => {
      const now = world.leases.get(lease.name);
      if (now === undefined || now.fence !== lease.fence || now.holder === undefined) return false;
      world.leases.set(lease.name, { ...now, beats: now.beats + 1 });
      return true;
    },
    release: async (lease) => {
      const now = world.leases.get(lease.name);
      if (now?.fence === lease.fence) world.leases.set(lease.name, { ...now, holder: undefined });
    },
    look: async (name) => world.leases.get(name),
    raise: async (name, fence) => {
      if (fence > (world.leases.get(name)?.fence ?? 0))
        world.leases.set(name, { name, fence, beats: 0, ttlMs: 0, holder: undefined });
    },
  };
}

function memoryStore(world: World, step: () => void): ParameterStore {
  return {
    binding: 'prod',
    list: async () => [...world.parameters.values()],
    get: async (name) => world.parameters.get(name),
    put: async ({ name, type, value, at, by, expectVersion }) => {
      step();
      const version = world.parameters.get(name)?.version ?? 0;
      if (expectVersion !== undefined && expectVersion !== version) return 'conflict';
      world.parameters.set(name, {
        name,
        type,
        version: version + 1,
        value,
        digest: sha256(value),
        modifiedAt: at,
        modifiedBy: by,
      });
      return version + 1;
    },
    history: async () => [],
    close: async () => undefined,
  };
}
