import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pictureFile, wantsSvg } from './picture-file.ts';

describe('a picture over HTTP', () => {
  it.each([
    ['/v1/graph.svg', '*/*', true],
    ['/v1/graph', 'image/svg+xml', true],
    ['/v1/graph', 'application/json, image/svg+xml', false],
    ['/v1/map', 'image/svg+xml', false],
  ])('%s asked with %s is an image: %s', (path, accept, is) => {
    expect(wantsSvg(new Request(`http://localhost${path}`, { headers: { accept } }), path)).toBe(is);
  });

  it('lets a browser use its own style and nothing else', () => {
    const digest = createHash('sha256').update('.k{}').digest('base64');
    const { headers } = pictureFile({ picture: '<svg><style>.k{}</style></svg>' });
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; frame-ancestors 'none'; sandbox`,
    );
  });
});
