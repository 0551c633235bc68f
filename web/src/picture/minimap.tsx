import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
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
  const shown = useRef<SVGRectElement>(null);
  const scale = Math.min(mostWide / picture.width, mostHigh / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  useEffect(
    () =>
      camera.onLook(({ x, y, k }) => {
        const screen = camera.screen();
        const place = { x: -x / k, y: -y / k, width: screen.width / k, height: screen.height / k };
        for (const [name, value] of Object.entries(place)) shown.current?.setAttribute(name, String(value));
      }),
    [camera],
  );
  const go = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const place = { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale };
    camera.look(middleOn(camera.now(), place, camera.screen()));
  };
  return (
    <svg
      className="minimap"
      aria-hidden="true"
      data-still
      width={width}
      height={height}
      viewBox={`0 0 ${picture.width} ${picture.height}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <path className="minimap-boxes" d={boxesOf(picture)} />
      <Shown rect={shown} />
    </svg>
  );
}

function Shown({ rect }: { readonly rect: RefObject<SVGRectElement | null> }) {
  return <rect ref={rect} className="minimap-shown" vectorEffect="non-scaling-stroke" />;
}

function boxesOf({ boxes }: Picture): string {
  return boxes.map(({ x, y, w, h }) => `M${x} ${y}h${w}v${h}h${-w}z`).join('');
}
