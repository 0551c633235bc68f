import { byCodeUnit } from '../model/by-code-unit.ts';
import { KarmaError } from '../model/errors.ts';
import type { EventDraft, LedgerEvent } from '../model/event.ts';
import { nearest } from '../model/nearest.ts';
import type { HeldFence, Ledger } from '../stores/ledger/port.ts';
import { type Change, changeCounter, changeId, changeKind, changeNumber, foldChange } from './change.ts';
import { type ChangeAction, mayFollow } from './states.ts';

/** What is written of a change: never its state, which follows from the action. */
export type ChangeDraft = Omit<EventDraft, 'action' | 'subject'> & { readonly action: ChangeAction };

export interface WrittenChange {
  readonly change: Change;
  readonly event: LedgerEvent;
}

/** A step of another change that follows from one, written in the same append. */
export interface AlsoStep {
  readonly name: string;
  readonly about: (change: Change) => ChangeDraft | undefined;
}

/** The changes of an estate. Every step is one append: the event and, bound to it, the document that follows from it. */
export class ChangeBook {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** @throws KARMA_NOT_FOUND with the nearest, KARMA_USAGE for a text that names no change */
  async get(name: string): Promise<Change> {
    return (await this.#read(name)).change;
  }

  /** All, in the order in which they were proposed. */
  async all(): Promise<readonly Change[]> {
    const found: Change[] = [];
    for (let after = ''; ; ) {
      const page = await this.#ledger.listDocuments(changeKind, { limit: 500, ...(after === '' ? {} : { after }) });
      found.push(...page.map(({ body }) => body as Change));
      const last = page.at(-1)?.id;
      if (page.length < 500 || last === undefined) break;
      after = last;
    }
    return found.sort((a, b) => (changeNumber(a.id) ?? 0) - (changeNumber(b.id) ?? 0) || byCodeUnit(a.id, b.id));
  }

  /**
   * A new change under the next free number.
   * @param isTaken numbers that something else stands under: the refs of another ledger over the same repository
   */
  async begin(draft: ChangeDraft, isTaken: (id: string) => boolean): Promise<WrittenChange> {
    for (;;) {
      const from = await this.#ledger.counter(changeCounter);
      let to = from + 1;
      while (isTaken(changeId(to))) to += 1;
      const event = { ...draft, subject: changeId(to) };
      const change = foldChange(undefined, event);
      if (change === undefined) throw new KarmaError('KARMA_BUG', `no change begins with ${draft.action}`);
      const document = { kind: changeKind, id: change.id, body: change, revision: 0 };
      const written = await this.#ledger.append(
        [event],
        { counter: changeCounter, from, to },
        { documents: [document] },
      );
      const [first] = written === false ? [] : written;
      if (first !== undefined) return { change, event: first };
    }
  }

  /**
   * The next step of a change, as it stands when that is written.
   * @param about what to write, given how the change stands now; undefined: nothing any more
   * @param held leases under which it is written: nothing of whoever lost one lands
   * @param also what else follows from it, written together with it
   * @throws KARMA_REFUSED where its state does not allow that, KARMA_LEASE_LOST
   */
  async step(
    name: string,
    about: (change: Change) => ChangeDraft | undefined,
    { held = [], also }: { readonly held?: readonly HeldFence[]; readonly also?: AlsoStep } = {},
  ): Promise<WrittenChange | undefined> {
    for (;;) {
      const { change: before, revision } = await this.#read(name);
      const draft = about(before);
      if (draft === undefined) return undefined;
      mustFollow(before, draft.action);
      const one = this.#followed(before, revision, draft);
      const second = also === undefined ? undefined : await this.#read(also.name);
      const meant = second === undefined ? undefined : also?.about(second.change);
      // It may be there already: of two that take back the same the later one finds it so.
      const drafts =
        meant !== undefined && second !== undefined && mayFollow(second.change.state, meant.action) ? meant : undefined;
      const other =
        second === undefined || drafts === undefined
          ? undefined
          : this.#followed(second.change, second.revision, drafts);
      const all = other === undefined ? [one] : [one, other];
      const written = await this.#ledger.append(
        all.map(({ event }) => event),
        undefined,
        { documents: all.map(({ document }) => document), leases: held },
      );
      const [first] = written === false ? [] : written;
      if (first !== undefined) return { change: one.change, event: first };
    }
  }

  #followed(before: Change, revision: number, draft: ChangeDraft) {
    const event = { ...draft, subject: before.id };
    const change = foldChange(before, event);
    if (change === undefined) throw new KarmaError('KARMA_BUG', `nothing follows from ${draft.action}`);
    return { event, change, document: { kind: changeKind, id: before.id, body: change, revision } };
  }

  async #read(name: string): Promise<{ readonly change: Change; readonly revision: number }> {
    const number = changeNumber(name);
    if (number === undefined)
      throw new KarmaError('KARMA_USAGE', `${JSON.stringify(name)} names no change`, {
        hint: 'a change is called `cr-118`, or `118` for short: `karma change list` shows all',
      });
    const id = changeId(number);
    const found = await this.#ledger.getDocument(changeKind, id);
    if (found !== undefined) return { change: found.body as Change, revision: found.revision };
    const known = (await this.all()).map((one) => one.id);
    const [near] = nearest(id, known);
    throw new KarmaError('KARMA_NOT_FOUND', `there is no change ${id}`, {
      hint:
        near === undefined
          ? '`karma change propose` makes the first'
          : `did you mean \`${near}\`? \`karma change list\` shows all`,
    });
  }
}

/** @throws KARMA_REFUSED where the state of a change does not allow it */
export function mustFollow({ id, state }: Pick<Change, 'id' | 'state'>, action: ChangeAction): void {
  if (mayFollow(state, action)) return;
  throw new KarmaError('KARMA_REFUSED', `${id} is ${state}, so it cannot be ${pastOf(action)}`, {
    hint: `\`karma change show ${id}\` says how it came there`,
    details: { change: id, state },
  });
}

function pastOf(action: ChangeAction): string {
  return action === 'change.applying' ? 'applied' : action.slice('change.'.length);
}
