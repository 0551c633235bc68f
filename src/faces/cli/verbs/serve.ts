import type { IdentityIssuer } from '../../../engine/access/grants.ts';
import type { EngineContext } from '../../../engine/context.ts';
import type { Engine } from '../../../engine/engine.ts';
import { refsFolderOf } from '../../../engine/refs-folder.ts';
import { KarmaError } from '../../../model/errors.ts';
import { flagOption, numberOption, type Options, textOption, type Verb } from '../command.ts';
import { version } from '../version.ts';

/** Stays until it is interrupted; then answers what was asked, and leaves with 0. */
export const run: Verb = async ({ options, output, engine: here }) => {
  const [{ serve }, { builtWeb }] = await Promise.all([
    import('../../service/serve.ts'),
    import('../../service/web-files.ts'),
  ]);
  const web = builtWeb();
  const verbose = flagOption(options, 'verbose');
  const say = (text: string) => output.talk(output.talkStyle.dim(text));
  const remote = textOption(options, 'remote');
  const engine = remote === undefined ? here : await openedElsewhere(remote, { options, say });
  const context = engine.as({ door: 'cli' });
  const serving = await serve({
    engine,
    place: {
      options: { ...options, dir: context.request.cwd },
      env: context.env,
      version: context.version,
      ...(remote === undefined ? {} : { remote }),
    },
    port: numberOption(options, 'port', 0) ?? 7575,
    host: textOption(options, 'host'),
    issuer: await issuerOf(textOption(options, 'oidc') ?? context.env['KARMA_OIDC']),
    refs: refsFolderOf(context),
    web,
    follows: options['follow'] !== false,
    fetchEvery: (numberOption(options, 'fetchEvery', 0) ?? 60) * 1000,
    hookSecret: hookSecretIn(context.env),
    works: options['worker'] !== false,
    rate: numberOption(options, 'rate', 0),
    told: ({ method, path, status, milliseconds, trace }) => {
      const of = trace === undefined ? '' : ` ${trace}`;
      if (verbose) say(`${method} ${path} ${status} ${milliseconds.toFixed(1)} ms${of}`);
    },
    say,
  });
  if (output.json) output.document({ address: serving.address });
  else output.answer(`${serving.address}  this estate, its API at ${serving.address}/v1; ctrl-c stops it`);
  if (flagOption(options, 'open'))
    (await import('../../service/open-browser.ts')).openBrowser(serving.address, context.env);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  await serving.stop();
  return 0;
};

/** Whom to trust is said by who starts the service, and by no estate. */
async function issuerOf(said: string | undefined): Promise<IdentityIssuer | undefined> {
  if (said === undefined || said === '') return undefined;
  const { openIssuer } = await import('../../../wiring/oidc-issuer.ts');
  return openIssuer(said);
}

async function openedElsewhere(
  url: string,
  { options, say }: { readonly options: Options; readonly say: (text: string) => void },
): Promise<Engine> {
  if (options['dir'] !== undefined)
    throw new KarmaError('KARMA_USAGE', '`--remote` and `-C` each say where the estate is', { hint: 'leave one out' });
  const { openRemoteEstate } = await import('../../../wiring/remote-estate.ts');
  return openRemoteEstate(url, { options, env: process.env, version, stays: true, say });
}

/** Shorter than this somebody could try them all. */
const shortest = 16;

function hookSecretIn(env: EngineContext['env']): string | undefined {
  const secret = env['KARMA_WEBHOOK_SECRET'];
  if (secret === undefined || secret === '') return undefined;
  if (secret.length >= shortest) return secret;
  throw new KarmaError('KARMA_USAGE', `KARMA_WEBHOOK_SECRET is shorter than ${shortest} letters`, {
    hint: '`openssl rand -hex 32` makes one',
  });
}
