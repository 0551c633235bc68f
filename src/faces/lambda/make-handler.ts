import type { IdentityIssuer } from '../../engine/access/grants.ts';
import type { EngineContext } from '../../engine/context.ts';
import type { Engine } from '../../engine/engine.ts';
import { ask } from '../../engine/verbs/table.ts';
import { KarmaError } from '../../model/errors.ts';
import { makeApi } from '../api/app.ts';
import { problemResponse } from '../api/problem.ts';
import { type HttpResult, isHttpEvent, requestOf, resultOf } from './http-event.ts';

/** What a function answers: to HTTP a response, to a schedule or a changed parameter what was published. */
export type LambdaAnswer = HttpResult | BuiltAnswer;

interface BuiltAnswer {
  readonly version: number;
  readonly changed: boolean;
  /** When it is time, and the estate has hooks: how many messages they took. */
  readonly told?: number;
}

/** What EventBridge tells of: when it is time, and when a parameter is another one. */
const builds: Readonly<Record<string, readonly string[]>> = {
  'aws.events': ['Scheduled Event'],
  'aws.scheduler': ['Scheduled Event'],
  'aws.ssm': ['Parameter Store Change'],
};

/**
 * The same app behind another door. Whoever asks over HTTP shows a token; what EventBridge sends comes by the function's own rights.
 * What cannot be done is thrown, so that AWS tries again or keeps the event.
 */
export function makeHandler(engine: Engine, issuer?: IdentityIssuer): (event: unknown) => Promise<LambdaAnswer> {
  const { app } = makeApi({
    engine,
    loopback: 'tokens',
    issuer,
    // A function lives as long as one answer.
    streams: 'brief',
    clock: () => performance.now(),
  });
  return async (event) => {
    if (isHttpEvent(event)) {
      try {
        return await resultOf(await app.fetch(requestOf(event)));
      } catch (error) {
        return resultOf(problemResponse(error, event.rawPath));
      }
    }
    const asked = builtFor(event);
    if (asked === undefined)
      throw new KarmaError('KARMA_INPUT_INVALID', 'this event is none that Karma does something at', {
        hint: 'HTTP (payload 2.0), Scheduled Event, Parameter Store Change',
      });
    const own = engine.as({ door: 'lambda' });
    // Nothing of a function stays that could tell hooks beside its work: whatever came over HTTP is told when it is time. What cannot
    // be built here holds nobody back from that.
    const told = asked === 'Scheduled Event' ? await toldNow(own) : {};
    const { version, changed } = await ask(own, 'build', {});
    return { version, changed, ...told };
  };
}

async function toldNow(context: EngineContext): Promise<Pick<BuiltAnswer, 'told'>> {
  const { hooks, told } = await ask(context, 'hooks-tell', {});
  return hooks.length === 0 ? {} : { told };
}

/** The kind of an event at which a version is published. */
function builtFor(event: unknown): string | undefined {
  if (event === null || typeof event !== 'object') return undefined;
  const { source, 'detail-type': type } = event as Readonly<Record<string, unknown>>;
  const isKnown =
    typeof source === 'string' &&
    Object.hasOwn(builds, source) &&
    typeof type === 'string' &&
    builds[source]?.includes(type) === true;
  return isKnown ? type : undefined;
}
