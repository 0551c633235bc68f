import { pairKey, type Truth } from './truth.ts';

/** A reference as `karma export` prints it. */
export interface Answer {
  readonly from: string;
  readonly to: string;
  readonly consumes: readonly string[];
}

/** Counts, not rates: they can be added up over estates. */
export interface Score {
  readonly edges: number;
  readonly answered: number;
  readonly hit: number;
  /** Of the hits: consumes all that the truth does; names no output that the truth does not. */
  readonly sound: number;
  readonly tight: number;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

export function score(truth: Truth, answers: readonly Answer[]): Score {
  const right = new Set(truth.edges.map(([from, to]) => pairKey(from, to)));
  const unjudged = new Set(truth.unjudged.map(([from, to]) => pairKey(from, to)));
  const unjudgedFrom = new Set([...truth.unjudgedFrom, ...truth.unjudgedAt]);
  const unjudgedTo = new Set(truth.unjudgedAt);
  const given = new Map(answers.map((answer) => [pairKey(answer.from, answer.to), answer]));
  const judged = [...given].filter(
    ([key, { from, to }]) => right.has(key) || !(unjudged.has(key) || unjudgedFrom.has(from) || unjudgedTo.has(to)),
  );
  const hits = judged.filter(([key]) => right.has(key));
  return {
    edges: right.size,
    answered: judged.length,
    hit: hits.length,
    sound: hits.filter(([key, { consumes }]) => isSound(truth.consumes[key] ?? [], consumes)).length,
    tight: hits.filter(([key, { consumes }]) =>
      isTight([...(truth.consumes[key] ?? []), ...(truth.allowed[key] ?? [])], consumes),
    ).length,
    missing: [...right].filter((key) => !given.has(key)),
    extra: judged.map(([key]) => key).filter((key) => !right.has(key)),
  };
}

/** Every pointer that is really read lies at or under one that was named; `*` covers all. */
function isSound(read: readonly string[], named: readonly string[]): boolean {
  return read.every((pointer) => named.some((one) => one === '*' || pointer === one || pointer.startsWith(`${one}/`)));
}

/** No output is named beyond those that are read; how deep into an output does not matter here. */
function isTight(read: readonly string[], named: readonly string[]): boolean {
  const outputs = new Set(read.map(outputOf));
  return outputs.has('*') || named.every((pointer) => outputs.has(outputOf(pointer)));
}

function outputOf(pointer: string): string {
  return pointer.startsWith('/') && pointer.length > 1 ? `/${pointer.split('/')[1]}` : '*';
}
