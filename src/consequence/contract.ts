import type { OutsideReader } from '../graph/impact-of-change/contract-changes.ts';
import { byCodeUnit } from '../model/digest.ts';
import { outputName, type Pointer, wholeRuntime } from '../model/pointer.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { retyped, shapeAt, type ValueShape } from './value-shape.ts';

/**
 * The contract gate: what others really read of a component must not disappear or change its type under them. What is read
 * by name and without fallback refuses; what is read under `try` or `lookup` warns; who reads all of it is listed, because
 * nobody can say what of it they use.
 */
export interface ContractQuestion {
  readonly provider: string;
  /** The runtime's shape as it is and as it would be. */
  readonly before: ValueShape;
  readonly after: ValueShape;
  /** References to the provider; others are passed over. Hints never gate. */
  readonly references: readonly ReferenceRow[];
  /** Readers outside the estate, as `karma.yaml` declares them. */
  readonly outside?: readonly OutsideConsumer[];
  /** Outputs that something else writes too: their absence in a plan means nothing. */
  readonly alsoWritten?: ReadonlySet<string>;
}

/** Who an outside reader is, which components it reads, and what of them; without pointers, everything. */
export type OutsideConsumer = Pick<OutsideReader, 'name' | 'reads' | 'pointers'>;

export interface ContractBreach {
  readonly consumer: string;
  readonly outside: boolean;
  readonly pointer: Pointer;
  /** `dropped`, or how its type changes. */
  readonly change: string;
}

export interface ContractAnswer {
  /** Not empty: the change is refused. */
  readonly refused: readonly ContractBreach[];
  readonly warned: readonly ContractBreach[];
  /** Who reads all of it while something of it changes shape. */
  readonly toConfirm: readonly string[];
  /** Pointers that are read and that only the apply can tell about. */
  readonly notYetKnown: readonly ContractBreach[];
}

export function gateContract(question: ContractQuestion): ContractAnswer {
  const refused: ContractBreach[] = [];
  const warned: ContractBreach[] = [];
  const toConfirm = new Set<string>();
  const notYetKnown: ContractBreach[] = [];
  for (const reader of readersOf(question)) {
    for (const pointer of reader.pointers) {
      if (question.alsoWritten?.has(outputName(pointer))) continue;
      if (pointer === wholeRuntime) {
        if (changesShape(question)) toConfirm.add(reader.consumer);
        continue;
      }
      const change = breachAt(question, pointer);
      if (change === undefined) continue;
      const breach = { consumer: reader.consumer, outside: reader.outside, pointer, change };
      if (change === 'not known yet') notYetKnown.push(breach);
      else if (reader.tolerated.has(pointer)) warned.push(breach);
      else refused.push(breach);
    }
  }
  const sorted = (list: ContractBreach[]) =>
    list.sort((a, b) => byCodeUnit(`${a.consumer}\n${a.pointer}`, `${b.consumer}\n${b.pointer}`));
  return {
    refused: sorted(refused),
    warned: sorted(warned),
    toConfirm: [...toConfirm].sort(byCodeUnit),
    notYetKnown: sorted(notYetKnown),
  };
}

interface Reader {
  readonly consumer: string;
  readonly outside: boolean;
  readonly pointers: readonly Pointer[];
  readonly tolerated: ReadonlySet<Pointer>;
}

function readersOf({ provider, references, outside = [] }: ContractQuestion): Reader[] {
  const inside = references
    .filter((one) => one.to === provider && one.strength === 'proven')
    .map((one) => ({
      consumer: one.from,
      outside: false,
      pointers: one.consumes,
      tolerated: new Set(one.tolerated),
    }));
  const declared = outside
    .filter(({ reads }) => reads(provider))
    .map(({ name, pointers }) => ({
      consumer: name,
      outside: true,
      pointers: pointers.length === 0 ? [wholeRuntime] : pointers,
      tolerated: new Set<Pointer>(),
    }));
  return [...inside, ...declared];
}

/** What happens to a pointer; undefined when a reader notices nothing. What was not there before cannot be dropped. */
function breachAt({ before, after }: ContractQuestion, pointer: Pointer): string | undefined {
  const was = shapeAt(before, pointer);
  if (was === undefined) return undefined;
  const is = shapeAt(after, pointer);
  if (is === undefined) return 'dropped';
  if (is.kind === 'unknown' && was.kind !== 'unknown') return 'not known yet';
  return retyped(was, is);
}

function changesShape({ before, after, alsoWritten }: ContractQuestion): boolean {
  if (before.kind !== 'object' || after.kind !== 'object') return retyped(before, after) !== undefined;
  return Object.entries(before.members).some(([name, was]) => {
    if (alsoWritten?.has(name)) return false;
    const is = after.members[name];
    return is === undefined || retyped(was, is) !== undefined;
  });
}
