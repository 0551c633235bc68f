import type { Verb } from '../command.ts';

/** Speaks with an agent over stdin and stdout until it hangs up. */
export const run: Verb = async ({ engine }) => {
  const [{ serveStdio }, { makeMcpServer }, { answerHere }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('../../mcp/server.ts'),
    import('../../api/answering.ts'),
  ]);
  const closed = new Promise<void>((end) => {
    process.stdin.once('end', end);
    process.stdin.once('close', end);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end());
  });
  const connection = serveStdio(() =>
    makeMcpServer({ as: (more) => engine.as({ ...more, door: 'mcp' }), caller: undefined, answering: answerHere }),
  );
  await closed;
  await connection.close();
  return 0;
};
