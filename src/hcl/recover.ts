import type { HclFile } from './tree.ts';
import type { SyntaxFailure } from './walk.ts';
import { BodyBuilder } from './walk-body.ts';

/** A part of a file, parsed. */
export interface Part extends HclFile {
  /** An error stands between items, so an attribute before it may have lost its end. */
  readonly loose: boolean;
}

export type ParsePart = (text: string, firstLine: number) => Part;

const header = /^\s*([A-Za-z_][\w-]*)((?:\s+(?:"[^"\n]*"|[\w-]+))*)\s*\{\s*(?:(?:#|\/\/).*)?$/;
const assignment = /^\s*([A-Za-z_][\w-]*)\s*=(?!=)/;

/**
 * Reads what still can be read of a broken text. People indent: so an item starts on a line that is indented like the first
 * one of its body, and what is wrong in one item is not wrong in the next, whatever the grammar's own recovery makes of it.
 * A block that is broken is opened and its inside read the same way. O(lines · depth).
 */
export function recover(text: string, parse: ParsePart): HclFile {
  const errors: SyntaxFailure[] = [];
  const body = recoverLines(text.split('\n'), 1, parse, errors, 0);
  return { body: body.finish(), errors };
}

/** Of a text that is wrong all along, what comes after so many errors is not looked at: it counts as unread with the rest. */
const mostErrors = 500;

function recoverLines(
  lines: readonly string[],
  firstLine: number,
  parse: ParsePart,
  errors: SyntaxFailure[],
  depth: number,
): BodyBuilder {
  const builder = new BodyBuilder();
  for (const { from, to } of items(lines)) {
    if (errors.length >= mostErrors) break;
    const part = lines.slice(from, to);
    const line = firstLine + from;
    const file = parse(part.join('\n'), line);
    if (file.errors.length === 0) {
      builder.all(file.body);
      continue;
    }
    const inside = insideOf(part);
    const head = header.exec(part[0] ?? '');
    if (head !== null && inside !== undefined && depth < 20) {
      const [opened] = parse(`${part[0]?.replace(/\{[^{]*$/, '{')}}`, line).body.blocks;
      const body = recoverLines(inside.lines, line + 1, parse, errors, depth + 1).finish();
      if (!inside.closed) errors.push({ at: { line, column: 1 }, message: `the block \`${head[1]}\` is not closed` });
      if (opened !== undefined) builder.block({ ...opened, body });
      continue;
    }
    errors.push(...file.errors.slice(0, 1));
    const name = assignment.exec(part[0] ?? '')?.[1];
    const [attribute] = file.body.attributes.values();
    const at = { line, column: (part[0]?.search(/\S/) ?? 0) + 1 };
    if (name === undefined) continue;
    if (attribute?.name === name && !file.loose) builder.attribute(attribute);
    else builder.attribute({ name, at, value: { kind: 'bad', text: part.join('\n').slice(0, 200), at } });
  }
  return builder;
}

/** The lines inside a block's braces. */
function insideOf(part: readonly string[]): { lines: readonly string[]; closed: boolean } | undefined {
  if (part.length < 2) return undefined;
  let last = part.length - 1;
  while (last > 0 && part[last]?.trim() === '') last -= 1;
  const closed = part[last]?.trim() === '}';
  return { lines: part.slice(1, closed ? last : undefined), closed };
}

/** Where items start and end: at lines indented like the first one that begins with a name. */
function items(lines: readonly string[]): { from: number; to: number }[] {
  const starts: number[] = [];
  let indent: number | undefined;
  let heredoc: string | undefined;
  let comment = false;
  lines.forEach((line, index) => {
    if (heredoc !== undefined) {
      if (line.trim() === heredoc) heredoc = undefined;
      return;
    }
    if (comment) {
      comment = !line.includes('*/');
      return;
    }
    const at = line.search(/\S/);
    if (line.startsWith('/*', at)) {
      comment = !line.includes('*/');
      return;
    }
    if (at >= 0 && /[A-Za-z_]/.test(line[at] ?? '')) {
      indent ??= at;
      if (at === indent) starts.push(index);
    }
    heredoc = /<<-?([A-Za-z_][\w-]*)\s*$/.exec(line)?.[1];
  });
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? lines.length }));
}
