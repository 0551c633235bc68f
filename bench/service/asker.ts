import { connect, type Socket } from 'node:net';

interface Question {
  readonly path: string;
  readonly answered: (status: number) => void;
  readonly failed: (error: Error) => void;
  sent?: number;
}

interface Line {
  readonly socket: Socket;
  question: Question | undefined;
  status: number;
  /** Bytes of the answer that are still to come; −1 before its head. */
  left: number;
}

/**
 * Asks over a handful of connections that stay, one question at a time on each, and looks at nothing but the status and the length
 * of an answer: whoever asks a thousand times a second on the same two cores must cost little himself.
 */
export class Asker {
  readonly #port: number;
  readonly #idle: Line[] = [];
  readonly #waiting: Question[] = [];
  readonly #sockets = new Set<Socket>();
  #ended = false;

  constructor(address: string, connections = 16) {
    this.#port = Number(new URL(address).port);
    for (let each = 0; each < connections; each += 1) this.#open();
  }

  /** The status of the answer. */
  ask(path: string): Promise<number> {
    return new Promise((answered, failed) => {
      const question = { path, answered, failed };
      const line = this.#idle.pop();
      if (line === undefined) this.#waiting.push(question);
      else this.#send(line, question);
    });
  }

  end(): void {
    this.#ended = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  #open(): void {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    const line: Line = { socket, question: undefined, status: 0, left: -1 };
    socket.on('data', (part) => this.#heard(line, part));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      // Between two questions the service may close it, and another takes its place.
      this.#sockets.delete(socket);
      const place = this.#idle.indexOf(line);
      if (place >= 0) this.#idle.splice(place, 1);
      const { question, left } = line;
      line.question = undefined;
      if (this.#ended) question?.failed(new Error('nobody asks any more'));
      else if (question === undefined || this.#mayBeSentAgain(question, left)) {
        this.#open();
        if (question !== undefined) this.#sendNext(question);
      } else question.failed(new Error('the service closed the connection before it answered'));
    });
    this.#sockets.add(socket);
    this.#idle.push(line);
  }

  /** Nothing of the answer came, and it was not sent again already: the service closed the connection just as it was taken. */
  #mayBeSentAgain(question: Question, left: number): boolean {
    question.sent = (question.sent ?? 0) + 1;
    return left < 0 && question.sent < 3;
  }

  #sendNext(question: Question): void {
    const line = this.#idle.pop();
    if (line === undefined) this.#waiting.unshift(question);
    else this.#send(line, question);
  }

  #send(line: Line, question: Question): void {
    line.question = question;
    line.left = -1;
    line.socket.write(`GET ${question.path} HTTP/1.1\r\nhost: 127.0.0.1:${this.#port}\r\n\r\n`, 'latin1');
  }

  #heard(line: Line, part: Buffer): void {
    if (line.left < 0) {
      const end = part.indexOf('\r\n\r\n');
      const head = part.toString('latin1', 0, end);
      line.status = Number(head.slice(9, 12));
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (end < 0 || length === undefined) {
        line.question?.failed(new Error(`an answer of no known length: ${head}`));
        return;
      }
      line.left = Number(length) - (part.length - end - 4);
    } else line.left -= part.length;
    if (line.left > 0) return;
    line.question?.answered(line.status);
    const next = this.#waiting.shift();
    if (next !== undefined) this.#send(line, next);
    else {
      line.question = undefined;
      this.#idle.push(line);
    }
  }
}
