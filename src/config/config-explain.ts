import { redact } from '../model/secrets/values.ts';
import type { EffectiveConfig, KeyOrigin } from './effective-config.ts';
import { pointerStep } from './json-scan.ts';
import { isJsonObject } from './merge-patch.ts';

/** One effective key and where it came from; the value is redacted. */
export interface ExplainedKey extends KeyOrigin {
  /** The last line that says something of it, of a list that is written in several. */
  readonly through?: number;
  readonly pointer: string;
  readonly value: unknown;
}

/** Every leaf of the effective config in document order, for `config show --explain`. */
export function explainConfig(config: EffectiveConfig, sensitive: readonly string[] = []): ExplainedKey[] {
  const explained: ExplainedKey[] = [];
  const visit = (value: unknown, pointer: string): void => {
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      for (const [key, member] of Object.entries(value)) visit(member, pointer + pointerStep(key));
    } else {
      const origin = config.originOf(pointer);
      explained.push({ pointer, value, ...origin, ...lastLine(config, pointer, value, origin) });
    }
  };
  visit(redact(config.value, sensitive), '');
  return explained;
}

function lastLine(
  config: EffectiveConfig,
  pointer: string,
  value: unknown,
  { file, line }: KeyOrigin,
): Pick<ExplainedKey, 'through'> {
  let last = line;
  const visit = (one: unknown, at: string): void => {
    const origin = config.originOf(at);
    if (origin.file === file && origin.line > last) last = origin.line;
    if (one !== null && typeof one === 'object')
      for (const [key, member] of Object.entries(one)) visit(member, at + pointerStep(key));
  };
  if (Array.isArray(value)) visit(value, pointer);
  return last === line ? {} : { through: last };
}
