import { KarmaError } from '../../model/errors.ts';
import type { ParameterWrite } from './port.ts';

/** Parameter Store's own limits, held at every door so that what works embedded works on AWS. */
export const parameterLimits = {
  /** Characters of a fully qualified name. */
  name: 1011,
  levels: 15,
  /** UTF-8 bytes of a value in the standard and the advanced tier. */
  standard: 4096,
  advanced: 8192,
  /** From here on the wall is near. */
  near: 3584,
  /** Versions that AWS keeps. */
  versions: 100,
} as const;

/** Why a name cannot be a parameter's; undefined when it can. */
export function nameTrouble(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (!/^[A-Za-z0-9_.\-/]+$/.test(name)) return 'holds characters other than letters, digits and _ . - /';
  if (name.length > parameterLimits.name)
    return `is ${name.length} characters long; ${parameterLimits.name} are allowed`;
  if (name.includes('/') && !name.startsWith('/')) return 'has levels but does not begin with /';
  if (name.includes('//') || name.endsWith('/')) return 'has an empty level';
  const levels = name.split('/').length - 1;
  if (levels > parameterLimits.levels) return `has ${levels} levels; ${parameterLimits.levels} are allowed`;
  if (/^\/?(aws|ssm)/i.test(name)) return 'begins with aws or ssm, which AWS keeps for itself';
  return undefined;
}

/** Why a value cannot be kept; undefined when it can. */
export function valueTrouble(value: string): string | undefined {
  if (!value.isWellFormed()) return 'holds half a character (a lone surrogate)';
  if (value === '') return 'is empty';
  const size = Buffer.byteLength(value);
  if (size > parameterLimits.advanced) return `is ${size} bytes; ${parameterLimits.advanced} are the most`;
  return undefined;
}

/** What to say before the wall is hit; undefined while it is far. */
export function valueWarning(value: string): string | undefined {
  const size = Buffer.byteLength(value);
  if (size > parameterLimits.standard) {
    return `is ${size} bytes: more than the ${parameterLimits.standard} of the standard tier, so it needs the advanced one, which is charged`;
  }
  if (size >= parameterLimits.near) return `is ${size} bytes; the standard tier ends at ${parameterLimits.standard}`;
  return undefined;
}

/** @throws KARMA_INPUT_INVALID. Names the parameter, never the value. */
export function checkWrite({ name, value }: Pick<ParameterWrite, 'name' | 'value'>): void {
  const inName = nameTrouble(name);
  const inValue = valueTrouble(value);
  if (inName === undefined && inValue === undefined) return;
  const shown = name.toWellFormed().slice(0, 200);
  const message = inName === undefined ? `the value of ${shown} ${inValue}` : `the name ${shown} ${inName}`;
  throw new KarmaError('KARMA_INPUT_INVALID', message, { details: { name: shown } });
}

/** @throws KARMA_INPUT_INVALID: Parameter Store cannot change a parameter's type. */
export function checkType(name: string, was: string, becomes: string): void {
  if (was === becomes) return;
  throw new KarmaError('KARMA_INPUT_INVALID', `${name} is a ${was} and cannot become a ${becomes}`, {
    hint: 'delete it first, or take another name',
  });
}
