import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ResidentQuestion } from './resident-process.ts';

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Asked = Omit<ResidentQuestion, 'mark'>;

/** Processes that wait for a question. */
const idle: Resident[] = [];
const all = new Set<Resident>();

/** Asks a process that waits, or one more. */
export async function askResident(question: Asked): Promise<Said> {
  const resident = idle.pop() ?? new Resident(question.env);
  const said = await resident.ask(question);
  if (resident.isThere) idle.push(resident);
  return said;
}

export async function endResidents(): Promise<void> {
  idle.length = 0;
  await Promise.all([...all].map((resident) => resident.end()));
}

class Resident {
  readonly #child: ChildProcess;
  isThere = true;

  constructor(env: Readonly<Record<string, string>>) {
    all.add(this);
    this.#child = spawn(process.execPath, [new URL('resident-process.ts', import.meta.url).pathname], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env,
    });
  }

  ask(question: Asked): Promise<Said> {
    const mark = `\0${randomUUID()}\0`;
    const child = this.#child;
    const [out, err] = [new Heard(mark), new Heard(mark)];
    return new Promise((resolve, reject) => {
      let code: number | undefined;
      const over = (ended: number) => {
        child.removeAllListeners();
        for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data');
        resolve({ code: ended, stdout: out.text(), stderr: err.text() });
      };
      const look = () => {
        if (code !== undefined && out.isOver && err.isOver) over(code);
      };
      child.on('error', reject);
      child.on('message', (told) => {
        code = Number(told);
        look();
      });
      child.on('close', (status, signal) => {
        this.isThere = false;
        over(status ?? (signal === 'SIGKILL' ? 137 : 1));
      });
      child.stdout?.on('data', (bytes: Buffer) => {
        out.hear(bytes);
        look();
      });
      child.stderr?.on('data', (bytes: Buffer) => {
        err.hear(bytes);
        look();
      });
      child.send({ ...question, mark } satisfies ResidentQuestion);
    });
  }

  async end(): Promise<void> {
    if (!this.isThere) return;
    this.isThere = false;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/** What a stream said until its mark. */
class Heard {
  readonly #mark: Buffer;
  readonly #parts: Buffer[] = [];
  isOver = false;

  constructor(mark: string) {
    this.#mark = Buffer.from(mark);
  }

  hear(bytes: Buffer): void {
    this.#parts.push(bytes);
    const size = this.#mark.length;
    // The mark may come in pieces: the last bytes, from as many parts as they take, are looked at.
    let tail = Buffer.alloc(0);
    for (let at = this.#parts.length - 1; at >= 0 && tail.length < size; at -= 1)
      tail = Buffer.concat([this.#parts[at] as Buffer, tail]);
    this.isOver = tail.subarray(-size).equals(this.#mark);
  }

  text(): string {
    const whole = Buffer.concat(this.#parts);
    return (this.isOver ? whole.subarray(0, -this.#mark.length) : whole).toString('utf8');
  }
}
