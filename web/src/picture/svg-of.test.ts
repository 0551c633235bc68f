import { expect, it } from 'vitest';
import type { Picture } from '../api/answers.ts';
import { svgOf } from './svg-of.ts';

const picture = {
  title: 'a <b>',
  description: '"1" & more',
  width: 300,
  height: 100,
  lanes: [{ name: 'dev', x: 0, y: 0, w: 300, h: 100 }],
  boxes: [
    { name: '<script>alert(1)</script>', kind: 'vpc', family: 'vpc', x: 10, y: 20, w: 164, h: 44 },
    { name: 'n'.repeat(1000), kind: '', family: '', x: 10, y: 20, w: 164, h: 44 },
  ],
  lines: [{ d: 'M0 0L10 0', orders: true }],
} as unknown as Picture;

it('makes of names texts, whatever they hold, and no longer than a card', () => {
  const svg = svgOf(picture, false);
  expect(svg).toContain('<title>a &lt;b&gt;</title><desc>&quot;1&quot; &amp; more</desc>');
  expect(svg).not.toContain('<script');
  expect(svg).not.toContain('n'.repeat(30));
});

it('has other colours in the dark', () => {
  expect(svgOf(picture, true)).not.toBe(svgOf(picture, false));
});
