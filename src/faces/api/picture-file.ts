import { createHash } from 'node:crypto';
import { hideInText } from '../../model/secrets/text.ts';
import type { Requested } from './requested.ts';

/** Whether a request wants a picture as an image instead of its places. */
export function wantsSvg({ method, headers }: Pick<Requested, 'method' | 'headers'>, path: string): boolean {
  if (method !== 'GET') return false;
  return path === '/v1/graph.svg' || (path === '/v1/graph' && /^\s*image\/svg\+xml/.test(headers.get('accept') ?? ''));
}

/** A picture as a document of its own: a browser draws it by the style sheet in it, and does nothing else with it. */
export function pictureFile(answer: object): {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const body = hideInText('picture' in answer ? String(answer.picture) : '');
  const styles = [...body.matchAll(/<style>([^<]*)<\/style>/g)].map(
    ([, sheet = '']) => `'sha256-${createHash('sha256').update(sheet).digest('base64')}'`,
  );
  return {
    body,
    headers: {
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src ${styles.join(' ')}; frame-ancestors 'none'; sandbox`,
    },
  };
}
