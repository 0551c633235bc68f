import type { HookSetting } from '../../config/karma-file.ts';
import { type EstateRoot, findEstateRoot } from '../../observe/estate/estate-root.ts';
import { hookWord } from '../../observe/estate/outside.ts';
import { readTrust, trustsAll } from '../../observe/estate/trust.ts';
import type { EngineContext } from '../context.ts';
import { openEstate } from '../view/open-estate.ts';

export interface KnownHook extends HookSetting {
  /** Why nobody is told. */
  readonly refused?: string;
}

export interface EstateHooks {
  readonly root: EstateRoot;
  readonly estate: string;
  readonly hooks: readonly KnownHook[];
}

/** Shorter than this somebody could try them all. */
const shortest = 16;

/** Whom `karma.yaml` wants told, as it stands on disk; where nothing is checked out, as the followed commit has it. */
export async function hooksOf(context: EngineContext): Promise<EstateHooks> {
  const { cwd, configFile } = context.request;
  const root = findEstateRoot({ cwd, configFile });
  const karmaFile = root.karmaFile ?? (await committedFile(context, root));
  const trust = configFile === undefined ? readTrust(context.env) : trustsAll;
  const hooks = (karmaFile?.hooks ?? []).map((hook): KnownHook => {
    const word = hookWord(hook);
    const refused = trust.has(word)
      ? wrongSecret(context, hook)
      : `nobody on this machine trusts that: \`karma trust\`, or KARMA_TRUST=${word.digest.slice(0, 16)}`;
    return refused === undefined ? hook : { ...hook, refused };
  });
  return { root, estate: karmaFile?.estate ?? '', hooks };
}

async function committedFile(context: EngineContext, { repository }: EstateRoot) {
  if (repository?.bare !== true) return undefined;
  return (await openEstate(context, { committed: true })).karmaFile;
}

function wrongSecret({ env }: EngineContext, { secret }: HookSetting): string | undefined {
  if (secret === undefined) return undefined;
  const held = env[secret] ?? '';
  if (held === '') return `${secret} is not set here, and it is to hold the secret`;
  return held.length < shortest ? `${secret} is shorter than ${shortest} letters` : undefined;
}
