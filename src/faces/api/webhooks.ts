import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { EngineContext } from '../../engine/context.ts';
import { meantBy, type RemoteRepository } from '../../engine/verbs/repository-fetch.ts';
import { KarmaError } from '../../model/errors.ts';
import { documentOf } from '../document.ts';
import { largestBody, parsedJson, readBytes } from './body.ts';
import type { Denials } from './denials.ts';

/** What a service does where somebody tells that a repository moved. */
export interface Hooks {
  /** Known to who sends and to who started the service. */
  readonly secret: string;
  readonly remotes: () => Promise<readonly RemoteRepository[]>;
  /** Asks for a fetch, and waits for none. */
  readonly fetch: (names: readonly string[]) => void;
}

export const hookPaths: Readonly<Record<string, Sender>> = {
  '/v1/hooks/github': 'github',
  '/v1/hooks/gitlab': 'gitlab',
};
type Sender = 'github' | 'gitlab';

/** Signed with its time, a message is good for so long; one without a time is taken once while it is remembered. */
const tolerance = 300_000;
const mostRemembered = 10_000;
/** A push of thousands of commits is told in one message. */
const largestPush = 5 * largestBody;

/** Takes what GitHub and GitLab tell of pushes. Nothing that they say is believed but which repository to look at. */
export class WebhookDoor {
  readonly #hooks: Hooks | undefined;
  readonly #context: EngineContext;
  readonly #denials: Denials;
  readonly #taken = new Set<string>();

  constructor(hooks: Hooks | undefined, context: EngineContext, denials: Denials) {
    this.#hooks = hooks;
    this.#context = context;
    this.#denials = denials;
  }

  async take(sender: Sender, request: Request): Promise<Response> {
    const hooks = this.#hooks;
    if (hooks === undefined)
      throw new KarmaError('KARMA_NOT_CONFIGURED', 'this service was started without a secret for webhooks', {
        hint: 'KARMA_WEBHOOK_SECRET, where the service is started and where the hook is set up',
      });
    const bytes = await readBytes(request, largestPush);
    const name =
      sender === 'github' ? signedByGitHub(request, bytes, hooks.secret) : this.#byGitLab(request, bytes, hooks.secret);
    if (name === undefined) {
      const reason = 'the signature of the webhook is not right';
      await this.#denials.tell({ actor: '', path: new URL(request.url).pathname, reason });
      throw new KarmaError('KARMA_UNKNOWN_CALLER', reason, { hint: 'the same secret here and there' });
    }
    if (this.#taken.has(name)) return told({ fetches: [], again: true });
    const fetches = tellsOfPush(sender, request) ? await this.#meant(hooks, parsedJson(request, bytes.toString())) : [];
    // What was taken once is not taken again, and a message that could not be read may be sent again.
    if (this.#taken.size >= mostRemembered) this.#taken.delete([...this.#taken][0] ?? '');
    this.#taken.add(name);
    if (fetches.length > 0) hooks.fetch(fetches);
    return told({ fetches });
  }

  /** Which of what may be fetched a message is about. */
  async #meant({ remotes }: Hooks, message: unknown): Promise<readonly string[]> {
    return meantBy(await remotes(), addressesIn(message));
  }

  /** Signed with its time as https://www.standardwebhooks.com has it, or shown with the secret itself. */
  #byGitLab(request: Request, bytes: Buffer, secret: string): string | undefined {
    const header = (name: string) => request.headers.get(name) ?? '';
    const signatures = header('webhook-signature');
    if (signatures === '') {
      if (!same(header('x-gitlab-token'), secret)) return undefined;
      return `token ${header('x-gitlab-event-uuid')} ${digest(bytes)}`;
    }
    const [id, sent] = [header('webhook-id'), header('webhook-timestamp')];
    const apart = Math.abs(Date.parse(this.#context.now()) - Number(sent) * 1000);
    if (id === '' || !(apart <= tolerance)) return undefined;
    const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
    const right = createHmac('sha256', key).update(`${id}.${sent}.`).update(bytes).digest('base64');
    return signatures.split(' ').some((one) => same(one, `v1,${right}`)) ? `id ${id}` : undefined;
  }
}

function signedByGitHub(request: Request, bytes: Buffer, secret: string): string | undefined {
  const right = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
  return same(request.headers.get('x-hub-signature-256') ?? '', right) ? right : undefined;
}

/** Compared by digests, so that neither length nor content shows in the time it takes. */
function same(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const pushes: Readonly<Record<Sender, { readonly header: string; readonly names: readonly string[] }>> = {
  github: { header: 'x-github-event', names: ['push', 'create', 'delete'] },
  gitlab: { header: 'x-gitlab-event', names: ['Push Hook', 'Tag Push Hook'] },
};

function tellsOfPush(sender: Sender, request: Request): boolean {
  const { header, names } = pushes[sender];
  return names.includes(request.headers.get(header) ?? '');
}

const addressMembers = [
  'clone_url',
  'ssh_url',
  'git_url',
  'html_url',
  'git_http_url',
  'git_ssh_url',
  'web_url',
  'http_url',
];

function addressesIn(message: unknown): readonly string[] {
  const { repository, project } = (message ?? {}) as Readonly<Record<string, unknown>>;
  return [repository, project].flatMap((one) =>
    one === null || typeof one !== 'object'
      ? []
      : addressMembers.flatMap((name) => {
          const address = (one as Readonly<Record<string, unknown>>)[name];
          return typeof address === 'string' && address !== '' ? [address] : [];
        }),
  );
}

function told(answer: object): Response {
  return new Response(documentOf(answer), {
    status: 202,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}
