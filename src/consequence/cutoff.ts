import type { CloudRead, ConsumedPointer, Digest, LockFile, RunInputs, RunRecord, StateMark } from '../model/record.ts';
import { consumedName, type Difference, differences } from './differences.ts';
import { compareDigests, isUnpublished } from './digests.ts';
import { stateMismatch } from './state-mismatch.ts';

/**
 * Early cutoff: a deployment is not run when what changed provably does not reach it. A decision is either a proof, which is
 * recorded and shown, or every reason that forbids the skip; there is no third answer and no default to skip.
 *
 * The idea is the oldest of build systems (Mokhov, Mitchell, Peyton Jones, "Build systems à la carte", 2018: constructive
 * traces); what is compared here is narrower, down to the pointer a consumer reads, and in two places wider: edges through
 * the cloud, and what another hand did to the runtime.
 */
export type CutoffDecision =
  | { readonly skip: true; readonly proof: CutoffProof }
  | { readonly skip: false; readonly reasons: readonly CutoffReason[] };

/** Equal digests, one by one, so that an auditor can compare them again. */
export interface CutoffProof {
  readonly record: string;
  readonly config: Digest;
  readonly module: Digest;
  readonly lockFile: LockFile;
  readonly binary: string;
  readonly variables: Digest;
  readonly consumed: readonly ConsumedPointer[];
  readonly cloud: readonly CloudRead[];
  readonly orderOnly: readonly string[];
  readonly outputs: Readonly<Record<string, Digest>>;
  /** Reads that no other component influences: the proof says nothing about them. */
  readonly unseen: readonly string[];
}

export type CutoffCode =
  | 'selected'
  | 'no-record'
  | 'reconstructed-record'
  | 'last-run-failed'
  | 'changed'
  | 'not-comparable'
  | 'module-unpinned'
  | 'no-lock-file'
  | 'blind-spot'
  | 'edited'
  | 'output-unknown'
  | 'state-unknown';

export interface CutoffReason {
  readonly code: CutoffCode;
  readonly text: string;
  readonly difference?: Difference;
}

export interface CutoffQuestion {
  /** The last run, whatever came of it. */
  readonly record: RunRecord | undefined;
  readonly now: RunInputs;
  /** Named by the person who deploys: then it runs, whatever the digests say. */
  readonly selected: boolean;
  /**
   * The digest of each output as it stands in the runtime now; undefined when the runtime could not be read. Where it differs
   * from what the last run wrote, somebody edited it, and a run would write it back.
   */
  readonly outputs: Readonly<Record<string, Digest | null>> | undefined;
  /** Outputs that others write too: their values prove nothing either way. */
  readonly alsoWritten?: ReadonlySet<string>;
}

export function decideCutoff(question: CutoffQuestion): CutoffDecision {
  const { record, now } = question;
  const reasons: CutoffReason[] = [];
  if (question.selected) reasons.push({ code: 'selected', text: 'it was selected by name' });
  reasons.push(...ofTheInputs(now));
  if (record === undefined) return refuse([...reasons, { code: 'no-record', text: 'no run of it is recorded' }]);
  reasons.push(...ofTheRecord(record), ...ofTheOutputs(question, record));
  for (const difference of differences(record, now)) {
    const code = difference.verdict === 'different' ? 'changed' : 'not-comparable';
    reasons.push({ code, text: difference.text, difference });
  }
  const proof = reasons.length === 0 ? proofOf(record, now) : undefined;
  return proof === undefined ? refuse(reasons) : { skip: true, proof };
}

function refuse(reasons: readonly CutoffReason[]): CutoffDecision {
  return { skip: false, reasons };
}

function ofTheInputs(now: RunInputs): CutoffReason[] {
  const reasons: CutoffReason[] = now.blindSpots.map((text) => ({ code: 'blind-spot', text }));
  if (now.module !== undefined && !now.module.pinned) {
    reasons.push({ code: 'module-unpinned', text: 'its module comes from a source without commit or exact version' });
  }
  if (now.lockFile === null) reasons.push({ code: 'no-lock-file', text: 'it has no provider lock file' });
  return reasons;
}

function ofTheRecord(record: RunRecord): CutoffReason[] {
  const reasons: CutoffReason[] = [];
  if (record.reconstructed) {
    reasons.push({
      code: 'reconstructed-record',
      text: 'its last run was made by others: a record read from states proves nothing',
    });
  }
  if (record.action !== 'apply') reasons.push({ code: 'last-run-failed', text: 'it was destroyed' });
  else if (record.outcome !== 'finished') reasons.push({ code: 'last-run-failed', text: 'its last run failed' });
  return reasons;
}

function ofTheOutputs({ outputs, alsoWritten }: CutoffQuestion, record: RunRecord): CutoffReason[] {
  if (outputs === undefined) return [{ code: 'output-unknown', text: 'its runtime could not be read' }];
  const names = [...new Set([...Object.keys(record.outputs), ...Object.keys(outputs)])].sort();
  return names.flatMap((name): CutoffReason[] => {
    if (alsoWritten?.has(name) || isUnpublished(record.outputs[name], outputs[name])) return [];
    const verdict = compareDigests(record.outputs[name] ?? null, outputs[name] ?? null);
    if (verdict === 'equal') return [];
    return verdict === 'different'
      ? [{ code: 'edited', text: `its output ${name} is not what the last run wrote` }]
      : [{ code: 'output-unknown', text: `its output ${name} cannot be compared` }];
  });
}

/** What its last run left is only known as long as nobody wrote its state since. */
export function ofTheState(left: StateMark | undefined, now: StateMark | undefined): readonly CutoffReason[] {
  const text = stateMismatch(left, now);
  return text === undefined ? [] : [{ code: 'state-unknown', text }];
}

/** Undefined when anything the proof must name is missing; then there is a reason already. */
function proofOf(record: RunRecord, now: RunInputs): CutoffProof | undefined {
  const { config, module, lockFile, binary, variables } = now;
  if (config === undefined || module === undefined || lockFile === undefined) return undefined;
  if (binary === undefined || variables === undefined) return undefined;
  return {
    record: record.id,
    config,
    module: module.digest,
    lockFile,
    binary,
    variables,
    consumed: now.consumed,
    cloud: now.cloud,
    orderOnly: now.orderOnly,
    outputs: record.outputs,
    unseen: now.unseen,
  };
}

/** The proof as sentences, for people; the digests stand in the record. */
export function proofInWords(proof: CutoffProof): readonly string[] {
  const lines = [`its config, module, variables and program are those of run ${proof.record}`];
  if (proof.unseen.length > 0) lines.push(`not looked at: ${proof.unseen.join(', ')}`);
  for (const one of proof.consumed) lines.push(`${consumedName(one)} kept its value`);
  for (const one of proof.cloud) lines.push(`${one.provider} changed no resource since`);
  for (const one of proof.orderOnly) lines.push(`${one} only comes first`);
  return lines;
}
