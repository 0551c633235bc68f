import type { Value } from '../value.ts';
import { isUnknown, isWhollyKnown, unknownFrom } from '../value.ts';
import { collectionFunctions } from './collections.ts';
import { conversionFunctions } from './conversions.ts';
import { dateFunctions } from './dates.ts';
import type { FunctionTable, HclFunction } from './define.ts';
import { encodingFunctions } from './encoding.ts';
import { formatFunctions } from './format.ts';
import { hashFunctions } from './hashes.ts';
import { answerAnywhere, takesMadeUpApart } from './made-up-place.ts';
import { networkFunctions } from './network.ts';
import { numberFunctions } from './numbers.ts';
import { opaqueFunctions } from './opaque.ts';
import { regexFunctions } from './regex.ts';
import { setFunctions } from './sets.ts';
import { textFunctions } from './texts.ts';

/** Terraform's own functions that read nothing, by name. Those that read files come from `files.ts`, by a scope. */
export const functions: ReadonlyMap<string, HclFunction> = new Map(
  (
    [
      textFunctions,
      regexFunctions,
      formatFunctions,
      numberFunctions,
      collectionFunctions,
      setFunctions,
      conversionFunctions,
      encodingFunctions,
      hashFunctions,
      networkFunctions,
      dateFunctions,
      opaqueFunctions,
    ] satisfies FunctionTable[]
  ).flatMap((table) => Object.entries(table)),
);

/** Functions that read the module's files; without a scope that has them, what they answer is unknown. */
const fileFunctionNames = new Set(
  'abspath basename dirname pathexpand file fileexists fileset filebase64 templatefile templatestring filemd5 filesha1 filesha256 filesha512 filebase64sha256 filebase64sha512'.split(
    ' ',
  ),
);

/** Functions that need nothing but their arguments, and those that look at files. */
export function functionNames(): string[] {
  return [...functions.keys(), ...fileFunctionNames];
}

/** Whether a function is one that is known here; newer programs and others of the family have more. */
export function isKnownFunction(name: string): boolean {
  const plain = name.startsWith('core::') ? name.slice('core::'.length) : name;
  return functions.has(plain) || name.startsWith('provider::') || fileFunctionNames.has(name);
}

/** @throws Error with a sentence where Terraform would fail. */
export function callFunction(name: string, args: readonly Value[]): Value {
  const known = functions.get(name.startsWith('core::') ? name.slice('core::'.length) : name);
  if (known !== undefined) return apply(name, known, args);
  if (name.startsWith('provider::')) return unknownFrom(`${name} belongs to a provider`, ...args);
  if (fileFunctionNames.has(name)) return unknownFrom(`${name} reads files that are not at hand`, ...args);
  throw new Error(`there is no function ${name}`);
}

export function apply(name: string, definition: HclFunction, args: readonly Value[]): Value {
  if (args.length < definition.min || args.length > definition.max)
    throw new Error(`${name} does not take ${args.length} arguments`);
  if (definition.mode === 'deep' && !args.every(isWhollyKnown))
    return unknownFrom(`${name} of something known after a run`, ...args);
  if (definition.mode === 'shallow' && args.some(isUnknown))
    return unknownFrom(`${name} of something known after a run`, ...args);
  if (!takesMadeUpApart(name, args)) return definition.run(args);
  return (
    answerAnywhere(args, definition.run) ?? unknownFrom('a part of a path that is another on each machine', ...args)
  );
}
