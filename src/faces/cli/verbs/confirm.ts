import { createInterface } from 'node:readline/promises';
import type { DeployQuestion, Rest } from '../../../engine/deploying/query.ts';
import { KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import type { Output } from '../output.ts';
import { count } from '../render/evidence.ts';

/** Environments whose name must be typed. */
const guarded = /^(prod|production|prd|live)([-_.].*)?$/i;

export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

export function keyOf({ component, deployment }: { readonly component: string; readonly deployment: string }): string {
  return deployment === '' ? component : `${component}@${deployment}`;
}

interface Asked {
  readonly action: 'apply' | 'destroy';
  readonly members: readonly Pick<DeployQuestion['members'][number], 'component' | 'deployment' | 'environment'>[];
}

/** @throws KARMA_DECLINED where nobody can be asked, KARMA_INTERRUPTED on Ctrl-C */
export async function asked(question: Asked, output: Output, stop: AbortSignal): Promise<boolean> {
  const { what, environments } = inWords(question);
  const verb = verbOf(question);
  if (!isTerminal())
    throw new KarmaError('KARMA_DECLINED', `nobody is here to confirm: ${what}`, {
      hint: `say --yes to ${verb} without being asked, or --dry-run to see what would happen`,
    });
  tellMembers(question, output);
  return confirmed(what, environments, question.action, stop);
}

/** What is left of an interrupted deploy and was not selected: a yes of its own. */
export async function askedForRest(rest: Rest, output: Output, stop: AbortSignal): Promise<boolean> {
  output.talk(
    output.talkStyle.yellow(
      `${printable(rest.actor)} began another ${verbOf(rest)} at ${rest.startedAt} that did not end; left of it and not selected now:`,
    ),
  );
  tellMembers(rest, output);
  const { what, environments } = inWords(rest);
  return confirmed(`${what} too`, environments, rest.action, stop);
}

function verbOf({ action }: Pick<Asked, 'action'>): string {
  return action === 'apply' ? 'deploy' : 'destroy';
}

function inWords({ action, members }: Asked): { readonly what: string; readonly environments: readonly string[] } {
  const environments = [...new Set(members.map(({ environment }) => environment))].sort();
  const places = environments.map((name) => {
    const inside = members.filter(({ environment }) => environment === name);
    return `${name === '' ? 'this estate' : name} (${inside.length})`;
  });
  return { what: `${verbOf({ action })} ${count(members.length, 'component')} in ${places.join(', ')}`, environments };
}

function tellMembers({ members }: Pick<Asked, 'members'>, output: Output): void {
  for (const member of members.slice(0, 20)) output.talk(`  ${printable(keyOf(member))}`);
  if (members.length > 20) output.talk(`  and ${members.length - 20} more`);
}

/** A question that only asks whether to go on; nobody there is a no. */
export async function goesOn(question: string, stop: AbortSignal): Promise<boolean> {
  return isTerminal() && /^y(es)?$/i.test(await answerTo(`${question} [y/N] `, stop));
}

/** Of environments like production the name is typed. @throws KARMA_INTERRUPTED */
export async function confirmed(
  what: string,
  environments: readonly string[],
  action: Asked['action'],
  stop: AbortSignal,
): Promise<boolean> {
  const typed = environments.filter((name) => name !== '' && (guarded.test(name) || action === 'destroy'));
  for (const name of typed) if ((await answerTo(`${what}? type ${name} to go on: `, stop)) !== name) return false;
  if (typed.length > 0) return true;
  return /^y(es)?$/i.test(await answerTo(`${what}? [y/N] `, stop));
}

/** Ctrl-C at a prompt is an interruption, an ended input an empty answer. @throws KARMA_INTERRUPTED */
async function answerTo(question: string, stop: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const stopping = new AbortController();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    stopping.abort();
  };
  terminal.once('SIGINT', interrupt);
  stop.addEventListener('abort', interrupt, { once: true });
  terminal.once('close', () => stopping.abort());
  try {
    if (stop.aborted) interrupt();
    return (await terminal.question(question, { signal: stopping.signal })).trim();
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    process.stderr.write('\n');
    if (interrupted) throw new KarmaError('KARMA_INTERRUPTED', 'nothing was changed');
    return '';
  } finally {
    stop.removeEventListener('abort', interrupt);
    terminal.close();
  }
}
