import { redact } from '../model/secrets/values.ts';
import type { EffectiveConfig, KeyOrigin } from './effective-config.ts';
import { pointerStep } from './json-scan.ts';
import { isJsonObject } from './merge-patch.ts';

/** One effective key and where it came from; the value is redacted. */
export interface ExplainedKey extends KeyOrigin {
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
      explained.push({ pointer, value, ...config.originOf(pointer) });
    }
  };
  visit(redact(config.value, sensitive), '');
  return explained;
}
