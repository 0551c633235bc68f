import { type Change, changeKind, foldChange } from '../../change/change.ts';
import { type HookStanding, hookIn, hookKind } from '../../change/hook.ts';
import { recordOf, runActions, stateAfter } from '../../consequence/run-events.ts';
import { type DeployDocument, deployKind, type RunDocument, runKind } from '../../deploy/journal.ts';
import { foldRecord, type KeptRecords, recordKind } from '../../deploy/records.ts';
import type { SetMember } from '../../deploy/set.ts';
import type { LedgerEvent } from '../../model/event.ts';
import { deploymentKey } from '../../model/record.ts';
import { documentName } from '../../stores/ledger/binding.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { BoundFault } from '../../stores/ledger/verify-bound.ts';
import type { EngineContext } from '../context.ts';
import { everyEvent } from '../history/every-event.ts';
import { historyKind, type Known } from '../history/git-log.ts';
import { historyTaken } from '../history/tell-history.ts';
import { type RunRequest, requestIn, requestKind } from '../requests/run-request.ts';

/**
 * Makes documents again that are not what events say, out of the events alone, and binds them by an event of their own. Answers
 * their names; one that events tell nothing of is emptied of what it claimed and stays a fault.
 */
export async function rebuildDocuments(
  context: EngineContext,
  faults: readonly BoundFault[],
): Promise<readonly string[]> {
  const names = new Set(faults.filter(({ kind }) => kind === 'document').map(({ name }) => name));
  if (names.size === 0) return [];
  const ledger = await context.stores.ledger();
  const made = new Documents();
  for await (const event of everyEvent(context)) made.take(event);
  const documents = [];
  for (const { kind, id, body } of await made.all(ledger)) {
    if (!names.has(documentName(kind, id))) continue;
    documents.push({ kind, id, body, revision: await revisionOf(ledger, kind, id) });
  }
  const { actor, door } = context;
  for (let at = 0; at < documents.length; at += most) {
    const some = documents.slice(at, at + most);
    const about = { actor, door, subject: 'documents', outcome: 'ok' as const, at: context.now() };
    const details = { documents: some.map(({ kind, id }) => documentName(kind, id)) };
    await ledger.append([{ action: 'ledger.rebuilt', ...about, details }], undefined, { documents: some });
  }
  return documents.map(({ kind, id }) => documentName(kind, id));
}

/** A transaction takes so many and not more. */
const most = 50;

/** Also of one whose body cannot be read any more. */
async function revisionOf(ledger: Ledger, kind: string, id: string): Promise<number> {
  // One step before the id in the order of code units, so that it is the first of the page.
  const before = `${id.slice(0, -1)}${String.fromCharCode(id.charCodeAt(id.length - 1) - 1)}\uffff`;
  const page = await ledger.listDocuments(kind, { after: before, limit: 20, exact: true });
  return page.find((one) => one.id === id)?.revision ?? 0;
}

interface Made {
  readonly kind: string;
  readonly id: string;
  readonly body: unknown;
}

/** What each document must hold, event by event. */
class Documents {
  readonly #records = new Map<string, KeptRecords>();
  readonly #deploys = new Map<string, { readonly started: LedgerEvent; state: DeployDocument['state'] }>();
  readonly #runs = new Map<string, RunDocument>();
  readonly #changes = new Map<string, Change>();
  readonly #hooks = new Map<string, HookStanding>();
  readonly #requests = new Map<string, RunRequest>();
  #commits: Known['commits'] = {};
  readonly #parameters = new Map<string, number>();

  take(event: LedgerEvent): void {
    const { action, subject, details } = event;
    const record = recordOf(event);
    if (record !== undefined) {
      const key = deploymentKey(record.component, record.deployment);
      this.#records.set(key, foldRecord(this.#records.get(key), record));
    }
    if (action === runActions.deployStarted) this.#deploys.set(subject, { started: event, state: 'running' });
    const deploy = this.#deploys.get(subject);
    if (deploy !== undefined && action === runActions.deployFinished) deploy.state = 'ended';
    if (deploy !== undefined && action === runActions.deploySettled) deploy.state = 'settled';
    if (action === historyTaken) this.#commits = (details['commits'] ?? {}) as Known['commits'];
    const change = foldChange(this.#changes.get(subject), event);
    if (change !== undefined) this.#changes.set(subject, change);
    const request = requestIn(event);
    if (request !== undefined) this.#requests.set(request.id, request);
    const hook = hookIn(event);
    if (hook !== undefined) this.#hooks.set(hook.name, hook);
    this.#takeRun(event);
    this.#takeVersion(event);
  }

  #takeRun({ action, subject, details }: LedgerEvent): void {
    const state = stateAfter[action];
    const { deploy, run = '', deployment = '' } = details;
    if (state === undefined || typeof deploy !== 'string') return;
    const key = deploymentKey(subject, String(deployment));
    const known = this.#runs.get(`${deploy}/${key}`);
    // Of a component that was never started there is no run.
    if (known === undefined && state === 'discarded') return;
    const runFolder = typeof details['runFolder'] === 'string' ? details['runFolder'] : (known?.runFolder ?? '');
    const about = { deploy, key, state, run: String(run), runFolder, component: subject };
    this.#runs.set(`${deploy}/${key}`, { ...about, deployment: String(deployment) });
  }

  #takeVersion({ action, details, outcome }: LedgerEvent): void {
    const { binding, parameter, version } = details;
    if (outcome !== 'ok' || typeof parameter !== 'string' || !/^(config|runtime)\.published$/.test(action)) return;
    const key = `${String(binding)} ${parameter}`;
    this.#parameters.set(key, Math.max(Number(version), this.#parameters.get(key) ?? 0));
  }

  async all(ledger: Ledger): Promise<readonly Made[]> {
    const made: Made[] = [...this.#records].map(([id, body]) => ({ kind: recordKind, id, body }));
    for (const [id, { started, state }] of this.#deploys)
      made.push({ kind: deployKind, id, body: await deployOf(ledger, id, started, state) });
    for (const [id, body] of this.#requests) made.push({ kind: requestKind, id, body });
    for (const [id, body] of this.#runs) made.push({ kind: runKind, id, body });
    for (const [id, body] of this.#hooks) made.push({ kind: hookKind, id, body });
    for (const [id, body] of this.#changes) made.push({ kind: changeKind, id, body });
    const known: Known = { commits: this.#commits, parameters: Object.fromEntries(this.#parameters) };
    made.push({ kind: historyKind, id: 'known', body: known });
    return made;
  }
}

async function deployOf(
  ledger: Ledger,
  id: string,
  { details, actor, at: startedAt }: LedgerEvent,
  state: DeployDocument['state'],
): Promise<DeployDocument> {
  const { action, environments, host, pid, members } = details;
  const bytes = state === 'running' && typeof members === 'string' ? await ledger.getObject(members) : undefined;
  const all = bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as readonly SetMember[]);
  return {
    ...{ id, state, action: action as DeployDocument['action'], startedAt, actor },
    ...{ host: String(host ?? ''), pid: Number(pid ?? 0) },
    environments: (environments ?? []) as readonly string[],
    members: all,
  };
}
