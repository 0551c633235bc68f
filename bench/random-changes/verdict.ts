import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Change, contributorsTo, foldChange } from '../../src/change/change.ts';
import { grownBy } from '../../src/change/consequence.ts';
import type { Simulation } from '../../src/change/simulation.ts';
import type { EngineContext } from '../../src/engine/context.ts';
import { eventsOf } from '../../src/engine/history/every-event.ts';
import { ask } from '../../src/engine/verbs/table.ts';
import { canonicalJson } from '../../src/model/digest.ts';
import { replayTree, treeOf } from '../../src/observe/git/content-commit.ts';
import { repositoryAt } from '../../src/observe/git/git-repository.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { git } from '../harness/world.ts';
import { deployed, idle, totalOf } from './estate.ts';
import type { Told } from './told.ts';

export interface Crowd {
  readonly context: EngineContext;
  readonly place: string;
  readonly shared: string;
  /** The commit before anybody began. */
  readonly first: string;
  readonly told: readonly Told[];
}

export interface Verdict {
  readonly faults: readonly string[];
  readonly states: Readonly<Record<string, number>>;
  readonly commits: number;
}

/** Everything that could tell a different story of what happened. */
export async function faultsIn(crowd: Crowd): Promise<Verdict> {
  const { context } = crowd;
  const { changes: all } = await ask(context, 'changes', { all: true });
  const changes = new Map(all.map(({ summary: _, ...change }): [string, Change] => [change.id, change]));
  const states: Record<string, number> = {};
  for (const { state } of changes.values()) states[state] = (states[state] ?? 0) + 1;
  const commits = git(crowd.place, 'rev-list', '--count', `${crowd.first}..main`);
  const faults = [
    ...crowd.told.flatMap((one) => ('fault' in one ? [one.fault] : [])),
    ...(await inGit(crowd, changes)),
    ...(await inTheLedger(crowd, changes)),
    ...(await inStores(crowd)),
  ];
  return { faults, states, commits: Number(commits) };
}

/** Each commit is one change, and did on top of the one before exactly what that change does: an order, and nothing else. */
async function inGit({ place, shared, first }: Crowd, changes: ReadonlyMap<string, Change>): Promise<string[]> {
  const faults: string[] = [];
  const repository = repositoryAt(place);
  if (repository === undefined) return ['the repository is gone'];
  const format = '%H %P %(trailers:key=Karma-Change,valueonly,separator=)';
  const seen = new Set<string>();
  // However it was merged, with or without words that say so.
  const mergedBy = (commit: string) => [...changes.values()].find(({ merged }) => merged?.commit === commit)?.id;
  for (const line of git(place, 'log', '--reverse', '--first-parent', `--format=${format}`, `${first}..main`)
    .split('\n')
    .filter(Boolean)) {
    const [commit = '', ...rest] = line.split(' ');
    const [parent = '', id = mergedBy(commit) ?? ''] = [
      rest[0],
      /^cr-/.test(rest.at(-1) ?? '') ? rest.at(-1) : undefined,
    ];
    if (id === '') continue;
    const change = changes.get(id);
    if (change?.apply?.commit !== commit) faults.push(`${commit} says ${id}, which is ${change?.apply?.commit}`);
    if (change === undefined) continue;
    if (seen.has(id)) faults.push(`${id} is there twice`);
    seen.add(id);
    const replayed = await replayTree(repository, parent, change);
    if (!('tree' in replayed) || replayed.tree !== (await treeOf(repository, commit)))
      faults.push(`${commit} did something else than ${id} does`);
  }
  for (const { id, state, apply } of changes.values()) {
    const isThere = state === 'applied' || state === 'reverted' || apply?.committed === true;
    if (isThere !== seen.has(id))
      faults.push(`${id} is ${state}, and the branch ${seen.has(id) ? 'holds' : 'lacks'} it`);
  }
  if (git(place, 'status', '--porcelain') !== '')
    faults.push(`the work tree differs: ${git(place, 'status', '--short')}`);
  // What is pushed from elsewhere at the very end is nowhere but there, so it is asked there: what is here, that one holds too.
  const here = git(place, 'rev-parse', 'main');
  if (!isAncestor(shared, here, 'main')) faults.push('the branch here holds what the shared one does not');
  return faults;
}

/** False too where the one is not known there. */
function isAncestor(repository: string, one: string, other: string): boolean {
  try {
    git(repository, 'merge-base', '--is-ancestor', one, other);
    return true;
  } catch {
    return false;
  }
}

/** No event is lost, each change is what its events say, and nobody agreed to less than what happened. */
async function inTheLedger({ context, told }: Crowd, changes: ReadonlyMap<string, Change>): Promise<string[]> {
  const faults: string[] = [];
  const ledger = await context.stores.ledger();
  const { sound } = await verifyLedger(ledger);
  if (!sound) faults.push('the ledger is not sound');
  const kept = async (digest: string) =>
    JSON.parse(new TextDecoder().decode(await ledger.getObject(digest))) as Simulation;
  const folded = new Map<string, Change | undefined>();
  const events = new Set<string>();
  for await (const event of eventsOf(ledger, { action: 'change.', after: 0 })) {
    events.add(event.id);
    const change = foldChange(folded.get(event.subject), event);
    folded.set(event.subject, change);
    if (change === undefined || event.action !== 'change.committed') continue;
    // At the moment in which it became part of the branch. Who merged it agreed.
    if (change.merged !== undefined) continue;
    const own = contributorsTo(change);
    const by = (change.approvals ?? []).filter((one) => !own.includes(one.by));
    if (by.length === 0) faults.push(`${change.id} happened, and nobody agreed but who gave it its content`);
    for (const one of by) {
      if (one.revision !== change.revision || one.head !== change.head)
        faults.push(`${one.by} agreed to revision ${one.revision} of ${change.id}, and ${change.revision} happened`);
      const grown = grownBy(await kept(one.simulation), await kept(change.simulation?.digest ?? ''));
      if (grown.length > 0) faults.push(`${change.id} came to do more than ${one.by} agreed to: ${grown.join(', ')}`);
    }
  }
  for (const [id, change] of changes)
    if (canonicalJson(folded.get(id)) !== canonicalJson(change)) faults.push(`${id} is not what its events say`);
  for (const one of told) {
    if (!('change' in one)) continue;
    const change = changes.get(one.change);
    if (change === undefined) faults.push(`${one.change} was told and is not there`);
    else if (one.event !== undefined && one.event !== '' && !events.has(one.event))
      faults.push(`${one.what} of ${one.change} was told and is in no event`);
    else if (one.what === 'applied' && change.state !== 'applied' && change.state !== 'reverted')
      faults.push(`${one.change} was said to be applied and is ${change.state}`);
  }
  return faults;
}

/** Parameters are what Git holds, states what they come to, and the graph what all that says. */
async function inStores({ context, place }: Crowd): Promise<string[]> {
  const faults: string[] = [];
  const heldIn = async (environment: string, name: string): Promise<Record<string, unknown> | undefined> => {
    const { parameter } = await ask(context, 'parameter', { name, binding: `crowded-${environment}` });
    return JSON.parse(parameter.value ?? 'null') as Record<string, unknown>;
  };
  const configs = git(place, 'ls-files', 'iac').split('\n');
  for (const file of configs) {
    const [, environment = '', type = '', nickname = ''] = file.split('/');
    const text = JSON.parse(readFileSync(join(place, file), 'utf8')) as Record<string, unknown>;
    const there = await heldIn(environment, `/iac/${type}/${nickname}/config`).catch(() => undefined);
    if (canonicalJson(there) !== canonicalJson(text))
      faults.push(`${file} is published as ${canonicalJson(there)}, and Git holds ${canonicalJson(text)}`);
  }
  const held = (environment: string) => (type: string, nickname: string) =>
    JSON.parse(readFileSync(join(place, `iac/${environment}/${type}/${nickname}/config.json`), 'utf8'));
  const ran: string[] = [];
  for (const file of configs) {
    const [, environment = '', type = '', nickname = ''] = file.split('/');
    const id = `${environment}/${type}/${nickname}`;
    const runtime = await heldIn(environment, `/iac/${type}/${nickname}/runtime`).catch(() => undefined);
    if (runtime !== undefined) ran.push(id);
    else if (deployed.includes(id)) faults.push(`${id} was deployed, and nothing of it is there`);
    const wanted = totalOf(held(environment), type, nickname);
    if (runtime !== undefined && runtime['total'] !== wanted)
      faults.push(`${id} came to ${String(runtime['total'])}, and Git says ${wanted}`);
  }
  if (ran.includes(idle)) faults.push(`${idle} ran, and nobody asked for it`);
  const status = await ask(context, 'status', { select: ran });
  // Only words about a module were changed, which no change runs for; the status of a module goes by its bytes.
  for (const { component, status: word, reasons } of status.components)
    if (word !== 'deployed' && !(word === 'stale' && reasons.every((one) => one === 'its module changed')))
      faults.push(`${component} is ${word}: ${JSON.stringify(reasons)}`);
  if (status.deploys.length > 0) faults.push(`deploys are under way: ${JSON.stringify(status.deploys)}`);
  const before = await ask(context, 'versions', { limit: 1 });
  await ask(context, 'build', {});
  const after = await ask(context, 'versions', { limit: 1 });
  if (canonicalJson(before.versions) !== canonicalJson(after.versions))
    faults.push('the graph was not published as it is');
  const { verdict } = await ask(context, 'store-verify', {});
  if (!verdict.same) faults.push(`the store is not what the ledger says: ${JSON.stringify(verdict)}`);
  return faults;
}
