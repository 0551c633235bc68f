import { type Camera, type Size, zoomedAt } from '../picture/camera.ts';
import type { Point } from '../picture/way.ts';
import { inkOf, paintAll, paintPointed, type Scene } from './paint.ts';

type Pointed = Parameters<typeof paintPointed>[4];

const slip = 4;
/** In pixels a cell. */
const smallest = 1.5;
const largest = 40;
/** Of a small estate the cells grow no larger than this. */
const roomy = 16;

/**
 * The drawn map. What does not move is painted once into a bitmap that is kept: panning copies it, and only where one looks
 * from another scale, or beyond its edge, it is painted anew.
 */
export class Canvas {
  readonly #frame: HTMLElement;
  readonly #canvas = document.createElement('canvas');
  readonly #kept = document.createElement('canvas');
  readonly #watch: ResizeObserver;
  readonly #listeners = new AbortController();
  #keptAt: Camera | undefined;
  #scene: Scene | undefined;
  #camera: Camera = { x: 0, y: 0, k: 1 };
  #pointed: Pointed = { pointed: -1, chosen: -1, lit: undefined };
  #asked = 0;
  #touched = false;
  #wasDragged = false;

  constructor(frame: HTMLElement) {
    this.#frame = frame;
    frame.append(this.#canvas);
    this.#watch = new ResizeObserver(() => {
      if (!this.#touched) this.whole();
      this.#forget();
    });
    this.#watch.observe(frame);
    this.#listen();
  }

  end(): void {
    this.#watch.disconnect();
    this.#listeners.abort();
    cancelAnimationFrame(this.#asked);
    this.#canvas.remove();
  }

  show(scene: Omit<Scene, 'ink'>): void {
    const first = this.#scene === undefined || this.#scene.map.width !== scene.map.width;
    this.#scene = { ...scene, ink: inkOf(this.#frame) };
    if (first && !this.#touched) this.whole();
    this.#forget();
  }

  point(pointed: Pointed): void {
    this.#pointed = pointed;
    this.#ask();
  }

  dragged(): boolean {
    return this.#wasDragged;
  }

  cellAt(event: { readonly clientX: number; readonly clientY: number }): Point {
    const at = this.#local(event);
    const { x, y, k } = this.#camera;
    return { x: Math.floor((at.x - x) / k), y: Math.floor((at.y - y) / k) };
  }

  change(by: (camera: Camera, screen: Size) => Camera): void {
    const next = by(this.#camera, this.#screen());
    this.#camera = { ...next, k: Math.max(smallest, Math.min(largest, next.k)) };
    this.#touched = true;
    this.#ask();
  }

  /** As wide as there is room: what is longer is scrolled. */
  whole(): void {
    const { width } = this.#screen();
    if (this.#scene === undefined || width === 0) return;
    const margin = 16;
    const wide = Math.max(1, ...this.#scene.map.groups.map(({ x, columns }) => x + columns));
    const k = Math.max(smallest, Math.min(roomy, (width - 2 * margin) / wide));
    this.#camera = { x: margin, y: margin, k };
    this.#touched = false;
    this.#ask();
  }

  #screen(): Size {
    return { width: this.#frame.clientWidth, height: this.#frame.clientHeight };
  }

  #local({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point {
    const box = this.#frame.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  }

  #forget(): void {
    this.#keptAt = undefined;
    this.#ask();
  }

  #ask(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const scene = this.#scene;
    const screen = this.#screen();
    if (scene === undefined || screen.width === 0) return;
    const sharp = devicePixelRatio;
    if (this.#canvas.width !== screen.width * sharp || this.#canvas.height !== screen.height * sharp) {
      this.#canvas.width = screen.width * sharp;
      this.#canvas.height = screen.height * sharp;
      this.#canvas.style.width = `${screen.width}px`;
      this.#canvas.style.height = `${screen.height}px`;
      this.#keptAt = undefined;
    }
    this.#keep(scene, screen, sharp);
    const context = this.#canvas.getContext('2d');
    const kept = this.#keptAt;
    if (context === null || kept === undefined) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.drawImage(this.#kept, (this.#camera.x - kept.x) * sharp, (this.#camera.y - kept.y) * sharp);
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    paintPointed(context, scene, this.#camera, screen, this.#pointed);
  }

  /** The bitmap is three screens high and one wide: one pans along a map far more than across it. */
  #keep(scene: Scene, screen: Size, sharp: number): void {
    const { x, y, k } = this.#camera;
    const around = { width: screen.width, height: screen.height * 3 };
    const kept = this.#keptAt;
    const covers =
      kept !== undefined && kept.k === k && kept.x === x && y - kept.y <= 0 && y - kept.y >= -2 * screen.height;
    if (covers) return;
    const top = y + screen.height;
    this.#kept.width = around.width * sharp;
    this.#kept.height = around.height * sharp;
    const context = this.#kept.getContext('2d');
    if (context === null) return;
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    paintAll(context, scene, { x, y: top, k }, around);
    this.#keptAt = { x, y: top, k };
  }

  #listen(): void {
    const { signal } = this.#listeners;
    const fingers = new Map<number, Point>();
    let pressed: Point | undefined;
    this.#frame.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const at = this.#local(event);
        this.change((camera) =>
          event.ctrlKey
            ? zoomedAt(camera, at, Math.exp(-event.deltaY / 120))
            : { ...camera, x: camera.x - event.deltaX, y: camera.y - event.deltaY * (event.deltaMode === 0 ? 1 : 33) },
        );
      },
      { passive: false, signal },
    );
    this.#frame.addEventListener(
      'pointerdown',
      (event) => {
        fingers.set(event.pointerId, this.#local(event));
        pressed = this.#local(event);
        this.#wasDragged = false;
      },
      { signal },
    );
    this.#frame.addEventListener(
      'pointermove',
      (event) => {
        const before = fingers.get(event.pointerId);
        if (before === undefined) return;
        const here = this.#local(event);
        if (!this.#wasDragged) {
          if (pressed === undefined || Math.hypot(here.x - pressed.x, here.y - pressed.y) < slip) return;
          this.#wasDragged = true;
          this.#frame.setPointerCapture(event.pointerId);
        }
        this.change((camera) => ({ ...camera, x: camera.x + here.x - before.x, y: camera.y + here.y - before.y }));
        fingers.set(event.pointerId, here);
      },
      { signal },
    );
    const up = (event: globalThis.PointerEvent): void => {
      fingers.delete(event.pointerId);
    };
    this.#frame.addEventListener('pointerup', up, { signal });
    this.#frame.addEventListener('pointercancel', up, { signal });
  }
}
