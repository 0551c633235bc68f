import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { parseExactJson } from '../model/exact-number.ts';

/**
 * Terraform writes a local state in place. Killed in that moment it leaves an empty or torn file, and the next run would see
 * nothing and make everything again. The backup that Terraform keeps beside it is the state before: put it back, say so.
 */
export function mendState(state: string | undefined, note: (text: string) => void): void {
  if (state === undefined || !existsSync(state) || isWhole(state)) return;
  const backup = `${state}.backup`;
  if (!existsSync(backup) || !isWhole(backup)) {
    if (statSync(state).size > 0) note(`the state ${state} is torn and has no backup`);
    return;
  }
  copyFileSync(state, `${state}.torn`);
  copyFileSync(backup, state);
  note(`the state ${state} was torn by a killed run: its backup was put back, the torn one kept as ${state}.torn`);
}

function isWhole(file: string): boolean {
  try {
    const state: unknown = parseExactJson(readFileSync(file, 'utf8'));
    return state !== null && typeof state === 'object' && 'version' in state;
  } catch {
    return false;
  }
}
