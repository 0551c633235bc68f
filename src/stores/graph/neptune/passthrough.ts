import { KarmaError } from '../../../model/errors.ts';
import type { NeptuneClient } from './client.ts';

/**
 * Questions that people write themselves, sent as they are when they only read. The rows of the graph belong to the ledger:
 * whoever writes them by hand would be overruled by the next `karma store rebuild`.
 */

/**
 * All that Gremlin 3.7.1 knows and that neither writes nor calls out, as `withSideEffect` may: it names search and learning
 * endpoints. What is not here is refused before it is sent.
 */
const reading = new Set(
  `V E id label key value properties values valueMap elementMap propertyMap project select unfold fold by as
   out in both outE inE bothE outV inV bothV otherV to toE toV has hasNot hasId hasLabel hasKey hasValue is where filter
   and or not dedup range limit skip tail sample coin cyclicPath simplePath path tree count sum max min mean group
   groupCount order repeat times until emit loops map flatMap local union coalesce choose option optional branch match
   sack withSack with store aggregate cap barrier identity constant inject math none profile explain index
   concat asString asDate asNumber length toLower toUpper trim lTrim rTrim replace split substring format reverse
   conjoin all any combine difference disjunct intersect merge product dateAdd dateDiff traversal
   withStrategies withoutStrategies withPath withBulk start
   eq neq gt gte lt lte between inside outside within without startingWith endingWith containing notStartingWith
   notEndingWith notContaining regex notRegex P TextP next toList toSet iterate hasNext tryNext explain
   pageRank peerPressure connectedComponent shortestPath datetime negate timeLimit fail`.split(/\s+/),
);

const unreadable = 'has a comment, a backslash or a quote that is not closed';

/** Why a Gremlin query may not be passed through; undefined when it only reads. */
export function gremlinTrouble(query: string): string | undefined {
  const bare = withoutText(query, 'gremlin');
  if (bare === undefined) return unreadable;
  if (!/^\s*g\s*\./.test(bare)) return 'does not begin with g.';
  // Gremlin has no use for it, and between a name and its parenthesis it would hide the call from this look.
  const odd = /[^\t\n\r -~]|[{}#@~$]/u.exec(bare)?.[0];
  if (odd !== undefined) return `holds ${nameOf(odd)} outside of text`;
  if (/;\s*\S/.test(bare)) return 'holds more than one statement';
  for (const [, name = ''] of bare.matchAll(/([A-Za-z_$][\w$]*)\s*\(/g)) {
    if (!reading.has(name)) return `uses ${name}(), which writes or is not known to read only`;
  }
  return undefined;
}

/** Why an openCypher query may not be passed through. */
export function cypherTrouble(query: string): string | undefined {
  const bare = withoutText(query, 'cypher');
  if (bare === undefined) return unreadable;
  // With `u`, letters that fold to a plain one count as that: `ſet` is SET to a parser that ignores case.
  const writing = /\b(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH|CALL|LOAD|DROP)\b/iu.exec(bare)?.[1];
  return writing === undefined ? undefined : `uses ${writing.toUpperCase()}, which writes or calls out`;
}

export async function passGremlin(client: NeptuneClient, query: string): Promise<readonly unknown[]> {
  return passed(gremlinTrouble(query), () => client.gremlin(query, 'reader'));
}

export async function passCypher(client: NeptuneClient, query: string): Promise<readonly unknown[]> {
  return passed(cypherTrouble(query), () => client.cypher(query, 'reader'));
}

/** What one would not see in an error is told by its number. */
function nameOf(character: string): string {
  if (/[!-~]/.test(character)) return character;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function passed<T>(trouble: string | undefined, send: () => Promise<T>): Promise<T> {
  if (trouble === undefined) return send();
  throw new KarmaError('KARMA_REFUSED', `the query ${trouble}; queries passed through may only read`, {
    hint: 'the graph is written by karma build alone',
  });
}

/** Texts, comments and, where the language has them, names in quotes of their own. */
const literals = {
  gremlin: /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|\/[*/]/g,
  cypher: /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`]|``)*`|\/[*/]/g,
};

/**
 * The query with its literals emptied, in one pass from left to right, as a parser reads it. Undefined when something is left
 * that could hide text from this look: a quote without end, a comment, a backslash.
 */
function withoutText(query: string, language: keyof typeof literals): string | undefined {
  const bare = query.replaceAll(literals[language], (found) => (found.startsWith('/') ? '\\' : ' _ '));
  return /['"`\\]/.test(bare) ? undefined : bare;
}
