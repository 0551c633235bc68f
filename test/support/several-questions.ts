import { runCli } from '../../src/faces/cli/cli.ts';

/**
 * A process that is asked many questions one after the other: argument lists as JSON on stdin, answers as JSON on stdout. It
 * differs from as many processes only in that Node starts once.
 */
interface Heard {
  stdout: string;
  stderr: string;
}

let heard: Heard = { stdout: '', stderr: '' };
const write = process.stdout.write.bind(process.stdout);

function listen(name: keyof Heard): NodeJS.WriteStream['write'] {
  return ((text: string | Uint8Array): boolean => {
    heard[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
    return true;
  }) as NodeJS.WriteStream['write'];
}

process.stdout.write = listen('stdout');
process.stderr.write = listen('stderr');

let asked = '';
for await (const chunk of process.stdin) asked += chunk;
const answers: (Heard & { code: number })[] = [];
for (const args of JSON.parse(asked) as string[][]) {
  heard = { stdout: '', stderr: '' };
  const code = await runCli(args);
  answers.push({ code, ...heard });
}
write(JSON.stringify(answers));
