import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { type Camera, onPicture, type Size, zoomedAt } from './camera.ts';
import type { Point } from './way.ts';

export interface CameraHandle {
  readonly now: () => Camera;
  readonly look: (camera: Camera) => void;
  readonly screen: () => Size;
  /** Tells of every look, the present one first, until what comes back is called. */
  readonly onLook: (listener: (camera: Camera) => void) => () => void;
  readonly zoom: (factor: number) => void;
  readonly placeOf: (event: { readonly clientX: number; readonly clientY: number }) => Point;
  /** Whether the button that went up had been dragging. */
  readonly dragged: () => boolean;
}

/** Farther than this a press is a drag, not a click. */
const slip = 4;
/** Milliseconds without a move after which the picture is drawn sharp, and can be pointed at again. */
const stillAfter = 250;
/** Below this scale cards show their names alone. */
const far = 0.62;

/**
 * Moves the picture by pointer, wheel and two fingers. The camera is no state of React: a frame while panning writes one style
 * and draws nothing anew.
 */
export function useCamera(frame: RefObject<HTMLElement | null>, world: RefObject<HTMLElement | null>): CameraHandle {
  const camera = useRef<Camera>({ x: 0, y: 0, k: 1 });
  const wasDragged = useRef(false);
  const size = useRef<Size>(undefined);
  const handle = useMemo((): CameraHandle => {
    const listeners = new Set<(camera: Camera) => void>();
    // Asked while a frame is being written, the size would have to be laid out anew.
    const screen = (): Size => {
      size.current ??= { width: frame.current?.clientWidth ?? 0, height: frame.current?.clientHeight ?? 0 };
      return size.current;
    };
    const look = (next: Camera): void => {
      camera.current = next;
      if (world.current !== null)
        world.current.style.transform = `translate(${next.x}px, ${next.y}px) scale(${next.k})`;
      frame.current?.toggleAttribute('data-far', next.k < far);
      for (const listener of listeners) listener(next);
    };
    const local = ({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point => {
      const box = frame.current?.getBoundingClientRect();
      return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
    };
    return {
      now: () => camera.current,
      look,
      screen,
      onLook: (listener) => {
        listeners.add(listener);
        listener(camera.current);
        return () => listeners.delete(listener);
      },
      zoom: (factor) => {
        const { width, height } = screen();
        look(zoomedAt(camera.current, { x: width / 2, y: height / 2 }, factor));
      },
      placeOf: (event) => onPicture(camera.current, local(event)),
      dragged: () => wasDragged.current,
    };
  }, [frame, world]);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const local = (event: MouseEvent): Point => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const forget = (): void => {
      size.current = undefined;
    };
    const resized = new ResizeObserver(forget);
    resized.observe(element);
    // A window tells of its size before what is in it does.
    addEventListener('resize', forget);
    const fingers = new Map<number, Point>();
    let pressed: Point | undefined;
    let settled: ReturnType<typeof setTimeout> | undefined;
    let movedAt = 0;
    // One timer that looks again, rather than one that every frame sets anew.
    const settle = (): void => {
      const left = movedAt + stillAfter - performance.now();
      settled = left > 0 ? setTimeout(settle, left) : undefined;
      if (settled === undefined) world.current?.classList.remove('moving');
    };
    const moving = (): void => {
      movedAt = performance.now();
      if (settled !== undefined) return;
      world.current?.classList.add('moving');
      settled = setTimeout(settle, stillAfter);
    };
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      moving();
      const { x, y, k } = camera.current;
      // A wheel of clicks zooms; two fingers on a pad pan, and zoom where they pinch, which browsers tell as Ctrl.
      const isWheel = event.deltaMode !== 0 || (event.deltaX === 0 && Math.abs(event.deltaY) >= 100);
      if (event.ctrlKey || isWheel) {
        const step = event.deltaMode === 0 ? event.deltaY : event.deltaY * 33;
        handle.look(zoomedAt({ x, y, k }, local(event), Math.exp(-step / (event.ctrlKey && !isWheel ? 90 : 420))));
      } else handle.look({ x: x - event.deltaX, y: y - event.deltaY, k });
    };
    const down = (event: PointerEvent): void => {
      if (event.button > 1 || (event.target instanceof Element && event.target.closest('[data-still]') !== null))
        return;
      fingers.set(event.pointerId, local(event));
      pressed = local(event);
      wasDragged.current = false;
    };
    const move = (event: PointerEvent): void => {
      const before = fingers.get(event.pointerId);
      if (before === undefined) return;
      const here = local(event);
      if (!wasDragged.current) {
        if (pressed === undefined || Math.hypot(here.x - pressed.x, here.y - pressed.y) < slip) return;
        wasDragged.current = true;
        element.setPointerCapture(event.pointerId);
      }
      moving();
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      const { x, y, k } = camera.current;
      if (other === undefined) handle.look({ x: x + here.x - before.x, y: y + here.y - before.y, k });
      else {
        const [was, is] = [before, here].map((one) => Math.hypot(one.x - other.x, one.y - other.y));
        const middle = { x: (here.x + other.x) / 2, y: (here.y + other.y) / 2 };
        const moved = { x: x + (here.x - before.x) / 2, y: y + (here.y - before.y) / 2, k };
        handle.look(zoomedAt(moved, middle, (is ?? 1) / (was || 1)));
      }
      fingers.set(event.pointerId, here);
    };
    const up = (event: PointerEvent): void => {
      fingers.delete(event.pointerId);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    return () => {
      clearTimeout(settled);
      resized.disconnect();
      removeEventListener('resize', forget);
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
    };
  }, [frame, world, handle]);
  return handle;
}
