import { type PointerEvent, useEffect, useRef } from 'react';
import type { Picture } from '../api/answers.ts';
import { middleOn } from './camera.ts';
import type { CameraHandle } from './use-camera.ts';
import './minimap.css';

/** A picture of fewer boxes is found one's way in without. */
export const fewestForMinimap = 60;
const [mostWide, mostHigh] = [168, 120];

/**
 * The whole picture, small, and which part of it is on the screen. Only for who points: by the keyboard, arrows go from box to box.
 * The part that is shown is written by the camera, and is no state of React.
 */
export function Minimap({ picture, camera }: { readonly picture: Picture; readonly camera: CameraHandle }) {
  const shown = useRef<HTMLDivElement>(null);
  const scale = Math.min(mostWide / picture.width, mostHigh / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  useEffect(
    () =>
      camera.onLook(({ x, y, k }) => {
        const screen = camera.screen();
        const part = scale / k;
        const style = shown.current?.style;
        if (style === undefined) return;
        // Only where it stands changes while the picture is moved: a layer of its own, and nothing is painted.
        style.transform = `translate(${-x * part}px, ${-y * part}px)`;
        style.width = `${screen.width * part}px`;
        style.height = `${screen.height * part}px`;
      }),
    [camera, scale],
  );
  const go = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const place = { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale };
    camera.look(middleOn(camera.now(), place, camera.screen()));
  };
  return (
    <div
      className="minimap"
      aria-hidden="true"
      data-still
      style={{ width, height }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <svg aria-hidden="true" width={width} height={height} viewBox={`0 0 ${picture.width} ${picture.height}`}>
        <path className="minimap-boxes" d={boxesOf(picture)} />
      </svg>
      <div ref={shown} className="minimap-shown" />
    </div>
  );
}

function boxesOf({ boxes }: Picture): string {
  return boxes.map(({ x, y, w, h }) => `M${x} ${y}h${w}v${h}h${-w}z`).join('');
}
