import {
  inDeployments,
  keyWithin,
  possibleLines,
  type SinceAnswer,
  type SinceFormat,
  shownPair,
  sinceFormats,
} from '../../../engine/verbs/impact-since.ts';
import { printable } from '../../../model/printable.ts';
import { choiceOption, flagOption, textOption, type Verb } from '../command.ts';
import { givenText } from '../given-text.ts';
import type { Output } from '../output.ts';
import { pointers } from '../render/evidence.ts';
import { causeLines } from '../render/findings.ts';
import type { Style } from '../render/style.ts';

export const run: Verb = async ({ options, output, ask }) => {
  const range = textOption(options, 'since') ?? '';
  const format = choiceOption(options, 'output', ['table', 'json', ...sinceFormats]) ?? 'table';
  const states = textOption(options, 'states');
  const written = sinceFormats.find((one) => one === format);
  const listing = states === undefined ? {} : { listing: await listingIn(states) };
  if (written !== undefined && !output.json) {
    const { text, something } = await ask('impact-text', { since: range, format: written satisfies SinceFormat });
    write(text, written, output);
    return flagOption(options, 'exitCode') && something ? 2 : 0;
  }
  const answer = await ask('impact-since', { since: range, ...listing });
  const { comparison } = answer;
  if (output.json || format === 'json') output.document(answer);
  else if (output.quiet)
    output.raw([...comparison.changed, ...comparison.undecided].map(({ id }) => `${id}\n`).join(''));
  else {
    output.talk(output.talkStyle.dim(`${answer.before.label} → ${answer.after.label}`));
    output.answer(sinceLines(answer, output.style).join('\n'));
  }
  const something =
    comparison.changed.length + comparison.undecided.length + comparison.added.length + comparison.removed.length;
  return flagOption(options, 'exitCode') && something > 0 ? 2 : 0;
};

function write(text: string, format: string, output: Output): void {
  if (format === 'paths0') output.names0(text.split('\0').slice(0, -1));
  else output.raw(text);
}

async function listingIn(file: string): Promise<string[]> {
  const text = await givenText(file, 'a listing holds one state address a line, such as s3://bucket/key');
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const shown = 40;

type ToldRange = Pick<SinceAnswer, 'summary' | 'comparison' | 'unclaimed' | 'fixed' | 'causes'>;

/** What a range or a change does, as people read it. */
export function sinceLines({ summary, comparison, unclaimed, fixed, causes }: ToldRange, style: Style): string[] {
  const [first, second] = summary;
  const lines = [style.bold(first), second];
  const part = (title: string, rows: readonly string[]) => {
    if (rows.length === 0) return;
    lines.push('', title, ...rows.slice(0, shown).map((row) => `  ${row}`));
    if (rows.length > shown) lines.push(style.dim(`  and ${rows.length - shown} more (--json)`));
  };
  part(
    style.yellow('changed'),
    comparison.changed.flatMap((verdict) => verdictRows(verdict, style)),
  );
  part(
    style.yellow('undecided (counts as changed)'),
    comparison.undecided.map(
      ({ id, reasons, deployments }) =>
        `${id}${inDeployments(deployments)}  ${style.dim(reasons.slice(0, 3).join('; '))}`,
    ),
  );
  const told = new Set([...comparison.changed, ...comparison.undecided].map(({ id }) => id));
  part(
    style.yellow('moved, else identical'),
    comparison.moved.filter(({ id }) => !told.has(id)).map(({ was, id }) => `${was} → ${id}`),
  );
  part(style.green('added'), comparison.added);
  part(style.red('removed'), comparison.removed);
  part(style.red('outputs that change under their readers'), contractRows(comparison));
  part(
    style.red('states that move'),
    comparison.states.moved.flatMap(({ component, from, to, commands }) => [
      `${component}  ${from} → ${to}`,
      ...(commands.length === 0 ? ['  another state was kept there: nothing may be copied over it'] : []),
      ...commands.map((command) => `  ${style.dim(command)}`),
    ]),
  );
  part(
    style.red('states that would be shared'),
    comparison.states.shared.map(({ state, components }) => `${state}  ${components.join(', ')}`),
  );
  part(
    style.yellow('states that nothing claims any more'),
    comparison.states.abandoned.map(({ state, component }) => `${state}  was of ${component}`),
  );
  const missing = comparison.variables.required.filter(({ given }) => !given);
  part(
    style.red('newly required variables that nothing gives'),
    missing.map(({ component, variable }) => `${component}  ${variable}`),
  );
  part(
    style.yellow('inputs that the module takes no more'),
    comparison.variables.untaken.map(({ component, input }) => `${component}  ${input}`),
  );
  part(style.yellow('listed states that nothing claims'), unclaimed ?? []);
  part(
    'affected',
    comparison.affected.map(
      ({ id, distance, carriedBy, deployments }) =>
        `${id}${inDeployments(deployments)}  ${style.dim(`distance ${distance}, through ${pointers(carriedBy.at(-1) ?? [])}`)}`,
    ),
  );
  part(style.yellow('possible (not proved)'), possibleLines(comparison));
  part(style.dim('files that nobody reads'), comparison.files.unread.map(printable));
  part(
    style.dim('read alike for both ends'),
    fixed.map(({ repository, followed }) => `${repository}: ${followed}`),
  );
  const worse = causeLines(causes, style);
  if (worse.length > 0) lines.push('', 'new findings', ...worse);
  return lines;
}

function verdictRows(
  { id, was, keys, deployments }: SinceAnswer['comparison']['changed'][number],
  style: Style,
): string[] {
  const name = `${was === undefined ? id : `${was} → ${id}`}${inDeployments(deployments)}`;
  return [
    name,
    ...keys
      .map((key) => ({ ...key, pointer: keyWithin(key.pointer, deployments) }))
      .slice(0, 8)
      .map((key) => `  ${style.dim(keyLine(key))}`),
    ...(keys.length > 8 ? [style.dim(`  and ${keys.length - 8} more keys`)] : []),
  ];
}

interface Key {
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly files?: readonly string[];
}

function keyLine(key: Key): string {
  if (key.files !== undefined) {
    const more = key.files.length > 3 ? ` and ${key.files.length - 3} more` : '';
    return `${key.pointer}: ${printable(key.files.slice(0, 3).join(', '))}${more}`;
  }
  if (key.before === undefined && key.after === undefined) return key.pointer;
  const [was, is] = shownPair(key.before, key.after);
  const side = (text: string | undefined) => (text === undefined ? '(none)' : printable(text).slice(0, 80));
  return `${key.pointer}: ${side(was)} → ${side(is)}`;
}

/** What a deploy would do about an output that changes under its readers. */
const verdicts = {
  refused: 'refused: read by name',
  warned: 'warned: read with a fallback, or karma.yaml only warns',
  listed: 'to confirm: read by those who take everything',
} as const;

function contractRows({ contracts }: SinceAnswer['comparison']): string[] {
  return contracts.flatMap(({ component, output, change, verdict, broken, tolerating, whole }) =>
    verdict === 'unread'
      ? []
      : [
          `${component}#/${output} ${change} (${verdicts[verdict]})`,
          ...[...broken, ...tolerating].map((reader) => `  read by ${readerShown(reader)}`),
          ...whole.map((reader) => `  all of it read by ${readerShown(reader)}`),
        ],
  );
}

function readerShown(reader: SinceAnswer['comparison']['contracts'][number]['broken'][number]): string {
  const [evidence] = reader.evidence;
  const who = reader.outside === true ? `${reader.component}, outside the estate,` : reader.component;
  const place = evidence?.file === undefined ? '' : ` at ${evidence.file}:${evidence.line ?? '?'}`;
  return `${who}${place}${reader.tolerated ? ', with a fallback' : ''}`;
}
