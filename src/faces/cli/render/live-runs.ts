import type { RunCommand } from '../../../engine/deploying/query.ts';
import { type DeployEvent, proofInWords } from '../../../engine/deploying/words.ts';
import { printable } from '../../../model/printable.ts';
import type { Output } from '../output.ts';
import { checkLine } from './check-line.ts';
import { changesInWords, outcomeLine, secondsInWords, shortened } from './run-lines.ts';

/** What is told while runs go on, and what is remembered of them for the end. */
export interface LiveRuns {
  listen(event: DeployEvent): void;
  /** Talks without tearing the line in place. */
  say(text: string): void;
  /** The exact commands of each run, by component. */
  commands(key: string): readonly RunCommand[];
  /** What Terraform complained about, by component. */
  complaints(key: string): readonly string[];
  end(): void;
}

export interface LiveOptions {
  /** Told as it goes: for a plan, whose answer comes at the end, nothing is. */
  readonly outcomes: boolean;
  readonly verbose: boolean;
}

interface Going {
  readonly since: number;
  word: string;
  resource: string;
}

/** How often the line in place is drawn, in ms. */
const beat = 120;

/** One line in place on a terminal that shows what runs now; each outcome as a line of its own, on stdout unless that is JSON. */
export function liveRuns(output: Output, keys: readonly string[], options: LiveOptions): LiveRuns {
  const { style, talkStyle } = output;
  const width = Math.max(0, ...keys.map((key) => key.length));
  const going = new Map<string, Going>();
  const commands = new Map<string, RunCommand[]>();
  const complaints = new Map<string, string[]>();
  let over = 0;
  let shown = false;
  const erase = () => {
    if (shown) process.stderr.write('\r\u001b[2K');
    shown = false;
  };
  const draw = () => {
    if (going.size === 0) return erase();
    const parts = [...going].map(([key, { word, resource, since }]) => {
      const what = resource === '' ? word : `${word} ${resource}`;
      return `${key} ${what} ${Math.floor((performance.now() - since) / 1000)} s`;
    });
    const line = printable(`  ${over}/${keys.length}  ${parts.join(' · ')}`);
    process.stderr.write(`\r\u001b[2K${talkStyle.dim(line.slice(0, (process.stderr.columns || 100) - 1))}`);
    shown = true;
  };
  const timer = output.interactive && !output.quiet ? setInterval(draw, beat) : undefined;
  const say = (text: string) => {
    erase();
    output.talk(text);
  };
  const outcome = (line: string) => {
    erase();
    if (!options.outcomes || output.quiet) return;
    if (output.json) output.talk(line);
    else output.answer(line);
  };
  const onState = (event: Extract<DeployEvent, { kind: 'state' }>) => {
    const { key, state, reason, proof, changes, seconds } = event;
    if (state === 'planning' || state === 'unconfirmed' || state === 'applying') {
      going.set(key, { since: going.get(key)?.since ?? performance.now(), word: state, resource: '' });
      return;
    }
    if (state === 'queued' || state === 'ready') return;
    going.delete(key);
    over += 1;
    const line = (mark: string, word: string, ...rest: readonly string[]) =>
      outcomeLine(mark, key, width, word, rest, style);
    if (state === 'finished') outcome(line('✓', 'finished', changesInWords(changes), secondsInWords(seconds)));
    else if (state === 'skipped')
      outcome(line('-', 'skipped', proof === undefined ? '' : shortened(proofInWords(proof))));
    else if (state === 'failed') outcome(line('✗', 'failed', reason ?? '', secondsInWords(seconds)));
    else outcome(line('·', 'not run', reason ?? ''));
  };
  const onProgress = ({ key, progress }: Extract<DeployEvent, { kind: 'progress' }>) => {
    const now = going.get(key);
    if (progress.kind === 'command') {
      listed(commands, key).push({ folder: progress.folder, command: progress.command });
      if (options.verbose) say(talkStyle.dim(`    ${key}$ ${progress.command.join(' ')}   (in ${progress.folder})`));
    } else if (progress.kind === 'resource') {
      if (now !== undefined) now.resource = progress.phase === 'done' ? '' : progress.address;
      if (options.verbose)
        say(talkStyle.dim(`    ${key}  ${printable(progress.address)} ${progress.action} ${progress.phase}`));
    } else if (progress.kind === 'diagnostic') {
      const { severity, summary, detail, file, line } = progress.diagnostic;
      const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
      const text = printable(`${summary}${place}${detail === '' ? '' : `: ${detail.replace(/\s+/g, ' ').trim()}`}`);
      if (severity === 'error') listed(complaints, key).push(text);
      else if (options.verbose) say(talkStyle.dim(`    ${key}  ${text}`));
    } else if (progress.kind === 'note') say(talkStyle.dim(`  ${key}  ${printable(progress.text)}`));
  };
  return {
    listen: (event) => {
      if (event.kind === 'state') onState(event);
      else if (event.kind === 'progress') onProgress(event);
      else if (event.kind === 'check') {
        const { outcome: said } = event.result;
        if (said !== 'passed' || options.verbose)
          say(`    ${printable(event.key)}  ${checkLine(event.result, talkStyle)}`);
      } else if (event.kind === 'note' && (options.verbose || !event.text.startsWith('runs, because')))
        say(talkStyle.dim(`  ${event.key}  ${printable(event.text)}`));
    },
    say,
    commands: (key) => commands.get(key) ?? [],
    complaints: (key) => complaints.get(key) ?? [],
    end: () => {
      clearInterval(timer);
      erase();
    },
  };
}

function listed<T>(map: Map<string, T[]>, key: string): T[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const list: T[] = [];
  map.set(key, list);
  return list;
}
