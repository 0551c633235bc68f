import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { EngineContext } from '../../engine/context.ts';
import type { Asker } from '../../engine/engine.ts';
import type { Caller } from './access.ts';
import type { Answering } from './answering.ts';

/** Who speaks through it, and for what estate. */
export interface Speaker {
  readonly as: (more: Pick<Asker, 'signal' | 'report'>) => EngineContext;
  readonly caller: Caller | undefined;
  readonly answering: Answering;
}

/** The tools for agents over HTTP, loaded for the first who asks. Each request is its caller's own: nothing stays between two. */
export function agentDoor(): (request: Request, speaker: Speaker) => Promise<Response> {
  let loaded: Promise<McpHttpHandler> | undefined;
  return async (request, speaker) => {
    loaded ??= Promise.all([import('@modelcontextprotocol/server'), import('../mcp/server.ts')]).then(
      ([{ createMcpHandler }, { makeMcpServer }]) =>
        createMcpHandler(({ authInfo }) => makeMcpServer((authInfo as { readonly extra: unknown }).extra as Speaker)),
    );
    // Who it is was found out before; the token itself goes no further.
    const authInfo = { token: '', clientId: speaker.caller?.actor ?? '', scopes: [], extra: { ...speaker } };
    return (await loaded).fetch(request, { authInfo });
  };
}
