import type { IdentityIssuer } from '../../engine/access/grants.ts';
import { openEngine } from '../../wiring/open.ts';
import { version } from '../cli/version.ts';
import { type LambdaAnswer, makeHandler } from './make-handler.ts';

let handle: ((event: unknown) => Promise<LambdaAnswer>) | undefined;

/**
 * What AWS Lambda calls. The estate is what lies beside the function (a `karma.yaml` with its name and stores), or where KARMA_DIR
 * says; what is kept between two calls lies in /tmp, which is all that a function may write.
 */
export async function handler(event: unknown): Promise<LambdaAnswer> {
  const { env } = process;
  handle ??= makeHandler(
    openEngine({
      options: { dir: env['KARMA_DIR'] ?? env['LAMBDA_TASK_ROOT'], data: env['KARMA_DATA'] ?? '/tmp/karma' },
      env: { ...env, KARMA_ACTOR: env['KARMA_ACTOR'] ?? 'lambda' },
      version,
      stays: true,
    }),
    await issuerOf(env['KARMA_OIDC']),
  );
  return handle(event);
}

async function issuerOf(said: string | undefined): Promise<IdentityIssuer | undefined> {
  return said === undefined || said === '' ? undefined : (await import('../../wiring/oidc-issuer.ts')).openIssuer(said);
}
