import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Passage, Passing } from './passage.ts';
import { wantsSvg } from './picture-file.ts';
import { PlainRequest, type Requested } from './requested.ts';
import type { Asked, RouteAnswers } from './route-answers.ts';
import { type Route, routeFor, routes } from './routes.ts';
import { type Told, toldOf } from './told.ts';

export interface DirectDoorOptions {
  readonly passage: Passage;
  readonly answers: RouteAnswers;
  readonly asked: (request: Requested, url: URL, passing: Passing) => Asked<Requested>;
  readonly problem: (error: unknown, request: Requested, path: string) => Response;
}

/** Paths at which nothing but a verb is asked, in a line. */
const plainPaths: ReadonlySet<string> = new Set(
  routes.flatMap(({ method, path }) =>
    method === 'get' && path.startsWith('/v1/') && !path.includes('{') ? [path] : [],
  ),
);
/** There a listener may be meant. */
const streamed = '/v1/run/log';

/**
 * Answers what is asked of a verb by a line and headers alone, which is nearly all that a service is asked, from what Node read to
 * what Node writes. It goes the way that every request goes and is told what every request is told; only that it takes a fifth of
 * the time, most of which goes into objects that nobody looks at.
 */
export class DirectDoor {
  readonly #options: DirectDoorOptions;

  constructor(options: DirectDoorOptions) {
    this.#options = options;
  }

  /** False: whoever answers all the rest is asked. */
  takes(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const [path = ''] = incoming.url?.split('?', 1) ?? [];
    if (!plainPaths.has(path) || path === streamed) return false;
    const request = PlainRequest.of(incoming, outgoing);
    const url = request === undefined ? null : URL.parse(request.url);
    if (request === undefined || url?.pathname !== path || wantsSvg(request, path)) return false;
    const route = routeFor('GET', path, url.searchParams);
    if (route === undefined) return false;
    void this.#answer(route, request, url, outgoing);
    return true;
  }

  async #answer(route: Route, request: PlainRequest, url: URL, outgoing: ServerResponse): Promise<void> {
    const { passage, answers, asked, problem } = this.#options;
    const passing = passage.begin(request, url.pathname);
    let told: Told;
    try {
      await passage.admit(request, passing);
      told = await answers.question(route, asked(request, url, passing));
    } catch (error) {
      told = await toldOf(problem(error, request, url.pathname));
    }
    const { status, headers, body } = told;
    const length = body === null ? {} : { 'content-length': body.length };
    outgoing.writeHead(status, { ...passage.end(request, passing, status), ...headers, ...length });
    if (body === null) outgoing.end();
    else outgoing.end(body);
  }
}
