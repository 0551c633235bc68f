import type { ChildEnd } from './child.ts';
import type { LogFile } from './log-file.ts';
import type { Applied, Diagnostic, RunProgress } from './port.ts';
import type { Redactor } from './redact.ts';
import { parseStreamLine, type StreamOutput } from './stream.ts';

/** What was heard of one program while it ran. */
export interface Heard {
  readonly diagnostics: Diagnostic[];
  readonly tail: string[];
  outputs: Readonly<Record<string, StreamOutput>> | undefined;
  changes: Applied['changes'] | undefined;
  end: ChildEnd;
}

export function nothingHeard(): Heard {
  return {
    diagnostics: [],
    tail: [],
    outputs: undefined,
    changes: undefined,
    end: { code: null, signal: null, stopped: undefined },
  };
}

/** What may be logged of a line: its words and its address, never its values. */
export function hear(
  line: string,
  heard: Heard,
  log: LogFile,
  redact: Redactor,
  listen: (progress: RunProgress) => void,
): void {
  const said = parseStreamLine(line);
  if (said.kind === 'outputs') {
    heard.outputs = said.outputs;
    log.line(`outputs: ${Object.keys(said.outputs).join(', ')}`);
    return;
  }
  if (said.kind === 'summary') heard.changes = said.changes;
  const failed = said.kind === 'progress' && said.progress.kind === 'diagnostic';
  log.line(said.text, failed);
  if (said.kind === 'text') {
    if (said.text.trim() !== '') heard.tail.push(redact(said.text.slice(0, 20_000)).slice(0, 2000));
    if (heard.tail.length > 20) heard.tail.shift();
  }
  if (said.kind !== 'progress') return;
  const { progress } = said;
  if (progress.kind !== 'diagnostic') {
    listen(progress);
    return;
  }
  const { diagnostic } = progress;
  if (/^Deprecated flag: -state/.test(diagnostic.summary)) return;
  const clean = { ...diagnostic, summary: redact(diagnostic.summary), detail: redact(diagnostic.detail) };
  if (diagnostic.detail !== '') log.line(diagnostic.detail, true);
  if (heard.diagnostics.length < 200) heard.diagnostics.push(clean);
  listen({ kind: 'diagnostic', diagnostic: clean });
}
