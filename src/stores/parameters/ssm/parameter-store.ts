import type { SSMClientConfig } from '@aws-sdk/client-ssm';
import { byCodeUnit } from '../../../model/digest.ts';
import { type Pacing, realPacing } from '../../aws/pacing.ts';
import type { EstateKey } from '../../estate-key.ts';
import type { Parameter, ParameterStore } from '../port.ts';
import { nameTrouble } from '../rules.ts';
import { type Account, paced, type Quota } from './client.ts';
import { putParameter } from './put.ts';
import { type Listed, listVersions, readByName, readByPath, readHistory, readOne, type Secrets } from './read.ts';

export interface SsmParametersOptions {
  readonly binding: string;
  /** Region, profile, role, endpoint … where the AWS SDK's own conventions are not enough. */
  readonly client?: SSMClientConfig;
  /** Asked for only when a SecureString is decrypted, to digest it. */
  readonly key: () => EstateKey;
  /** Whether SecureStrings are decrypted, to see whether two are equal. Their values go no further than the digest. */
  readonly decrypt?: boolean;
  readonly quota?: Quota;
  readonly pacing?: Pacing;
  /** What an earlier scan saw, so that only what changed since is read. */
  readonly known?: readonly Parameter[];
  /** What `/` means where one may not read all of an account, or does not want to. Default: all of it. */
  readonly roots?: readonly string[];
}

/** Systems Manager Parameter Store, one account and region. */
export async function openSsmParameters(options: SsmParametersOptions): Promise<ParameterStore> {
  const { binding, client: config = {}, quota = {}, pacing = realPacing, decrypt = false, key, known = [] } = options;
  const { roots = [''] } = options;
  const commands = await import('@aws-sdk/client-ssm');
  const client = new commands.SSMClient({ maxAttempts: 8, ...config });
  const account = paced({ client, commands, binding }, quota, pacing);
  const secrets: Secrets = { decrypt, key };
  const scans = new Scans(account, secrets, known, roots);
  return {
    binding,
    list: (query) => scans.list(query),
    get: async (name) => (nameTrouble(name) === undefined ? readOne(account, name, secrets) : undefined),
    put: async (write) => {
      scans.forget(write.name);
      return putParameter(account, write);
    },
    history: (name) => readHistory(account, name, secrets),
    close: async () => client.destroy(),
  };
}

/** Above this pace, in calls a second, asking for versions first and values side by side is faster than page after page. */
const describeFirst = 30;

/** Scans of paths: what was read once is read again only when it moved. A scan is not atomic; versions say what was read. */
class Scans {
  readonly #account: Account;
  readonly #secrets: Secrets;
  readonly #known: Map<string, Parameter>;
  readonly #roots: readonly string[];
  #last: { readonly path: string; readonly found: readonly Parameter[] } | undefined;

  constructor(account: Account, secrets: Secrets, known: readonly Parameter[], roots: readonly string[]) {
    this.#account = account;
    this.#secrets = secrets;
    this.#known = new Map(known.map((parameter) => [parameter.name, parameter]));
    this.#roots = roots;
  }

  forget(name: string): void {
    this.#known.delete(name);
    this.#last = undefined;
  }

  /** Later pages of a list are cut from the scan that its first page began. */
  async list({ path, after, limit }: Parameters<ParameterStore['list']>[0]): Promise<readonly Parameter[]> {
    const folder = path.endsWith('/') ? path.slice(0, -1) : path;
    if (after === undefined || this.#last?.path !== folder) {
      this.#last = { path: folder, found: await this.#scan(folder) };
    }
    const rest = after === undefined ? this.#last.found : this.#last.found.filter(({ name }) => name > after);
    return limit === undefined ? rest : rest.slice(0, limit);
  }

  async #scan(path: string): Promise<readonly Parameter[]> {
    const found: Parameter[] = [];
    for (const root of path === '' ? this.#roots : [path]) {
      const seen = [...this.#known.keys()].some((name) => name.startsWith(`${root}/`));
      found.push(
        ...(seen || this.#account.pace > describeFirst ? await this.#rescan(root) : await this.#readAll(root)),
      );
    }
    for (const parameter of found) this.#known.set(parameter.name, parameter);
    if (nameTrouble(path) === undefined) found.push(...(await this.#itself(path)));
    return found.sort((a, b) => byCodeUnit(a.name, b.name));
  }

  async #itself(name: string): Promise<readonly Parameter[]> {
    const found = await readOne(this.#account, name, this.#secrets);
    return found === undefined ? [] : [found];
  }

  #readAll(path: string): Promise<readonly Parameter[]> {
    return readByPath(this.#account, path, this.#secrets);
  }

  /** A parameter that was deleted and made again has its old number and another time. */
  async #rescan(path: string): Promise<readonly Parameter[]> {
    const listed = await listVersions(this.#account, path);
    const same: Parameter[] = [];
    const moved: string[] = [];
    for (const [name, { version, modifiedAt, modifiedBy }] of listed) {
      const known = this.#known.get(name);
      if (known?.version === version && known.modifiedAt === modifiedAt)
        same.push(known.modifiedBy === modifiedBy ? known : { ...known, modifiedBy });
      else moved.push(name);
    }
    const read = await readByName(this.#account, moved, this.#secrets);
    return [...same, ...read.map((parameter) => byWhom(parameter, listed.get(parameter.name)))];
  }
}

/** Reading values does not say who wrote them, listing does. */
function byWhom(parameter: Parameter, listed: Listed | undefined): Parameter {
  return listed?.version === parameter.version ? { ...parameter, modifiedBy: listed.modifiedBy } : parameter;
}
