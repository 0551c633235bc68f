import { SpanScan, type Spans } from './span-scan.ts';
import { readStrict } from './strict-expression.ts';
import { givenUp, giveUp, Scan } from './strict-scan.ts';
import { unescapeQuoted } from './strings.ts';
import type { At, Block, Body } from './tree.ts';
import { BodyBuilder } from './walk-body.ts';

/**
 * Reads a text that is plainly well-formed, in one pass and some ten times as fast as the grammar; undefined for anything
 * else, which the grammar then reads, errors and all. Nearly every file of an estate is well-formed. Where both read a text
 * they give the same tree: a test holds them together.
 */
export function parseStrict(text: string, firstLine = 1): Body | undefined {
  return readAll(new Scan(text, firstLine));
}

/** The same with the place of each part. */
export function parseWithSpans(
  text: string,
): { readonly body: Body; readonly spans: Spans } | { readonly brokenAt: At } {
  const scan = new SpanScan(text);
  const body = readAll(scan);
  return body === undefined ? { brokenAt: scan.at() } : { body, spans: scan };
}

function readAll(scan: Scan): Body | undefined {
  try {
    const body = readBody(scan, false);
    scan.mark(body, 0);
    return scan.next < scan.text.length ? undefined : body;
  } catch (error) {
    if (error === givenUp || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @param inner the body of a block, which its closing brace ends. */
function readBody(scan: Scan, inner: boolean): Body {
  const builder = new BodyBuilder();
  for (;;) {
    scan.skip(true);
    if (inner ? scan.code() === 0x7d : scan.next >= scan.text.length) return builder.finish();
    const at = scan.at();
    const start = scan.next;
    const name = scan.identifier();
    if (name === '' || name.includes('::')) giveUp();
    scan.skip(false);
    if (scan.code() === 0x3d && scan.text.charCodeAt(scan.next + 1) !== 0x3d) {
      scan.next += 1;
      const attribute = { name, value: readStrict(scan, false), at };
      scan.mark(attribute, start);
      builder.attribute(attribute);
    } else {
      const block = { ...readBlock(scan), type: name, at };
      scan.mark(block, start);
      builder.block(block);
    }
    scan.endOfItem();
  }
}

/** Behind the type of a block. */
function readBlock(scan: Scan): Pick<Block, 'labels' | 'body'> {
  const labels: string[] = [];
  let open = 0;
  for (;;) {
    scan.skip(false);
    open = scan.next;
    if (scan.takes('{')) break;
    if (scan.code() === 0x22) labels.push(readLabel(scan));
    else {
      const label = scan.identifier();
      if (label === '') giveUp();
      labels.push(label);
    }
  }
  const body = readBody(scan, true);
  scan.take('}');
  scan.mark(body, open);
  return { labels, body };
}

function readLabel(scan: Scan): string {
  const quoted = /"((?:[^"\\\n$%]|\\.|[$%](?!\{))*)"/y;
  quoted.lastIndex = scan.next;
  const found = quoted.exec(scan.text);
  if (found === null) giveUp();
  scan.next += found[0].length;
  return unescapeQuoted(found[1] ?? '');
}
