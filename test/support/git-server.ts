import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real Git server on this machine, that speaks smart HTTP to who shows a password: `git http-backend` behind `node:http`. */
export class GitServer {
  address = '';
  /** How often somebody came with the right password. */
  asked = 0;
  readonly #folder: string;
  readonly #password: string;
  #server: Server | undefined;

  /** @param folder whose bare repositories are served */
  constructor(folder: string, password: string) {
    this.#folder = folder;
    this.#password = password;
  }

  async start(): Promise<void> {
    const right = `Basic ${Buffer.from(`karma:${this.#password}`).toString('base64')}`;
    this.#server = createServer((request, response) => {
      if (request.headers.authorization !== right) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
        return;
      }
      this.asked += 1;
      const url = new URL(request.url ?? '/', 'http://git');
      const backend = spawn('git', ['http-backend'], {
        env: {
          PATH: process.env['PATH'],
          GIT_PROJECT_ROOT: this.#folder,
          GIT_HTTP_EXPORT_ALL: '1',
          GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
          PATH_INFO: url.pathname,
          QUERY_STRING: url.search.slice(1),
          REQUEST_METHOD: request.method,
          CONTENT_TYPE: request.headers['content-type'] ?? '',
          HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
          REMOTE_USER: 'karma',
          REMOTE_ADDR: '127.0.0.1',
        },
      });
      request.pipe(backend.stdin);
      let head = Buffer.alloc(0);
      let hasHead = false;
      backend.stdout.on('data', (part: Buffer) => {
        if (hasHead) return void response.write(part);
        head = Buffer.concat([head, part]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        hasHead = true;
        const lines = head.subarray(0, end).toString().split('\r\n');
        const headers = lines.map((line): [string, string] => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        });
        const status = Number(headers.find(([name]) => name === 'status')?.[1].slice(0, 3) ?? 200);
        response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'status')));
        response.write(head.subarray(end + 4));
      });
      backend.on('close', () => response.end());
    });
    const server = this.#server;
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}
