import { flagOption, type Verb } from '../command.ts';

/** Takes runs that were asked for until it is interrupted; then lets what runs finish, and leaves with 0. */
export const run: Verb = async ({ options, output, context, engine }) => {
  const { work } = await import('../../service/worker.ts');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const say = (text: string) => output.talk(output.talkStyle.dim(text));
  const once = flagOption(options, 'once');
  if (!once) say('waits for runs that somebody asks for; ctrl-c stops it once what runs is done');
  await work({ engine, name: `worker-${context.newId()}`, stop: stop.signal, once, say });
  return 0;
};
