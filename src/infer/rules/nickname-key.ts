import { isJsonObject } from '../../config/merge-patch.ts';
import type { Need, Provide } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Strength } from '../../model/reference.ts';
import { runtimeName } from './parameter-name.ts';
import { kindKey, needKey, type Subject } from './subject.ts';

/**
 * Rule 3, nickname key: `<type>_nickname` wherever it is nested, `_` read as `-`, and pairs `src_type` + `src_nickname`. The
 * key alone proves nothing: the layout asks for a need only where the module is not read or uses the key in a way that only a
 * run could follow, such as handing it to a program or to the environment of a function. A plain `nickname` is no reference.
 */
export const rule = 'nickname-key';

export interface NicknameKey {
  /** What the reference is called: the key without `_nickname`. */
  readonly name: string;
  readonly type: string;
  readonly nickname: string;
  /** Steps of the key in the config. */
  readonly steps: readonly string[];
}

const ending = '_nickname';

/** Every nickname key of a config, in document order. */
export function nicknameKeys(config: unknown): NicknameKey[] {
  const found: NicknameKey[] = [];
  const visit = (value: unknown, steps: readonly string[]): void => {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) if (typeof item === 'object') visit(item, [...steps, String(index)]);
      return;
    }
    if (!isJsonObject(value)) return;
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (typeof member === 'object') visit(member, [...steps, key]);
      else if (typeof member === 'string' && member !== '' && key.endsWith(ending) && key.length > ending.length) {
        const name = key.slice(0, -ending.length);
        const paired = value[`${name}_type`];
        const type = typeof paired === 'string' && paired !== '' ? paired : name.replaceAll('_', '-');
        found.push({ name, type, nickname: member, steps: [...steps, key] });
      }
    }
  };
  visit(config, []);
  return found;
}

/** By runtime, for functions that own one each; by component, for those whose runtime has another name. */
export function nicknameNeeds(
  subject: Subject,
  key: NicknameKey,
  strength: Strength,
  evidence: Omit<Evidence, 'rule'>,
): readonly Need[] {
  const shared = {
    rule,
    origin: 'inferred',
    strength,
    consumes: ['*'],
    evidence: { ...evidence, rule },
    whenMissing: 'quiet',
  } as const;
  return [
    { ...shared, key: needKey('param', subject, runtimeName(subject.prefix, key.type, key.nickname)) },
    {
      ...shared,
      key: `component:${subject.environment}/${key.type}/${key.nickname}`,
      // Where there is none of the type itself, one of a type that extends it will do.
      orElse: [kindKey(subject.environment, key.type, key.nickname)],
    },
  ];
}

/** Every component can be named as such. */
export function componentProvide(id: string, runtime: string, evidence: Evidence): Provide {
  return { key: `component:${id}`, runtime, evidence };
}
