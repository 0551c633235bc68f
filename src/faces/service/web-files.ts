import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built UI: its files by the path they are asked by. */
export interface WebFiles {
  find(path: string): WebFile | undefined;
}

export interface WebFile {
  readonly type: string;
  readonly tag: string;
  /** Its name changes with what is in it. */
  readonly hashed: boolean;
  read(): Uint8Array<ArrayBuffer>;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Where the UI lies beside the bundle, or in the tree that the bundle is made in; undefined where it was not built. */
export function builtWeb(): string | undefined {
  const places = ['./web', '../../../dist/web'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return places.find((folder) => existsSync(join(folder, 'index.html')));
}

/** Only what lies in the folder when the service starts is ever handed out, by exactly its path: nothing leads out of it. */
export function webFiles(folder: string): WebFiles {
  const found = new Map<string, WebFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)];
    if (entry.isFile() && type !== undefined)
      found.set(`/${relative(folder, file).split(sep).join('/')}`, held(file, type));
  }
  return { find: (path) => found.get(path) };
}

function held(file: string, type: string): WebFile {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const read = () => {
    bytes ??= new Uint8Array(readFileSync(file));
    return bytes;
  };
  return {
    type,
    hashed: /-[\w-]{8,}\.[a-z0-9]+$/.test(file),
    get tag() {
      return `"${createHash('sha256').update(read()).digest('hex').slice(0, 16)}"`;
    },
    read,
  };
}
