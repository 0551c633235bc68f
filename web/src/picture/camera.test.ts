import { describe, expect, it } from 'vitest';
import { holding, middleOn, onPicture, opening, showing, whole, zoomedAt } from './camera.ts';

const screen = { width: 1000, height: 600 };
const onScreen = ({ x, y, k }: { x: number; y: number; k: number }, at: { x: number; y: number }) => ({
  x: Math.round(at.x * k + x),
  y: Math.round(at.y * k + y),
});

describe('the camera', () => {
  it('shows a small picture whole and hardly larger than it is', () => {
    expect(whole({ width: 400, height: 200 }, screen)).toEqual({ x: 200, y: 150, k: 1.5 });
  });

  it('shows the beginning of a picture that would be too small to read', () => {
    expect(opening({ width: 9000, height: 4000 }, screen)).toEqual({ x: 20, y: 20, k: 0.45 });
    expect(whole({ width: 9000, height: 4000 }, screen).k).toBeLessThan(0.12);
  });

  it('shows what a picture is about that would be too small to read, and nothing beyond its edge', () => {
    const picture = { width: 9000, height: 4000 };
    const middle = opening(picture, screen, { x: 4000, y: 2000, w: 200, h: 48 });
    expect(onPicture(middle, { x: 500, y: 300 })).toEqual({ x: 4100, y: 2024 });
    expect(opening(picture, screen, { x: 0, y: 0, w: 200, h: 52 })).toMatchObject({ x: 20, y: 20 });
    expect(onScreen(opening(picture, screen, { x: 8800, y: 3900, w: 200, h: 52 }), { x: 9000, y: 4000 })).toEqual({
      x: 980,
      y: 580,
    });
  });

  it('keeps what is under the pointer where it is', () => {
    const before = { x: 12, y: -30, k: 0.7 };
    const pointer = { x: 345, y: 210 };
    const after = zoomedAt(before, pointer, 1.4);
    expect(onScreen(after, onPicture(before, pointer))).toEqual(pointer);
    expect(zoomedAt(before, pointer, 1e9).k).toBe(2.5);
  });

  it('holds a thing that moved within the picture where it was on the screen', () => {
    const before = { x: 5, y: 6, k: 0.5 };
    const after = holding(before, { x: 100, y: 100 }, { x: 340, y: 20 });
    expect(onScreen(after, { x: 340, y: 20 })).toEqual(onScreen(before, { x: 100, y: 100 }));
  });

  it('moves no farther than to show a thing whole', () => {
    const camera = { x: 0, y: 0, k: 1 };
    expect(showing(camera, { x: 100, y: 100, w: 50, h: 20 }, screen)).toEqual(camera);
    expect(showing(camera, { x: 1200, y: -40, w: 50, h: 20 }, screen)).toEqual({ x: -270, y: 60, k: 1 });
  });
});

it('puts a place into the middle of the screen', () => {
  const camera = middleOn({ x: 5, y: 7, k: 2 }, { x: 100, y: 50 }, { width: 800, height: 600 });
  expect(onPicture(camera, { x: 400, y: 300 })).toEqual({ x: 100, y: 50 });
});
