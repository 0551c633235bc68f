/**
 * What is known of a state's key when a step or two of it are not: of `${var.stack}/vpc.tfstate` the shape is a star, then
 * `vpc.tfstate`. A root whose key is known answers to every shape that its key has; a reader whose key has holes asks for one.
 * What fills the hole only a run could know, but where exactly one root keeps states of that shape, it can be no other of the
 * estate.
 */

/** Longer keys have too many shapes, and are never written so. */
const mostSteps = 6;

/** Names that many roots give their state: alone they tell nothing. */
const common = /^(terraform|default|state|main|tfstate|env:)?(\.tfstate)?$/;

/** Every shape of a key that is known, with one star or two. */
export function shapesOf(backend: string, store: string, key: string): readonly string[] {
  const steps = key.split('/');
  if (steps.length < 2 || steps.length > mostSteps) return [];
  const shapes = new Set<string>();
  for (let first = 0; first < steps.length; first++)
    for (let second = first; second < steps.length; second++) {
      const shape = steps.map((step, at) => (at === first || at === second ? '*' : step));
      if (tells(shape)) shapes.add(shape.join('/'));
    }
  return [...shapes].flatMap((shape) => [`${prefixOf(backend, store)}${shape}`, `${prefixOf(backend)}${shape}`]);
}

/**
 * The shape of a key with holes, in the store if that is known, else in any; where the store is known, a root whose source
 * does not show its own is asked too. Empty where a hole is no whole step, or where nothing that tells is left.
 */
export function shapeAsked(backend: string, store: string | undefined, key: string): readonly string[] {
  const steps = key.split(/\/(?![^{}]*\})/);
  const isHole = (step: string) => /^\$\{[^}]*\}$/.test(step);
  const holes = steps.filter((step) => step.includes('${'));
  if (holes.length === 0 || holes.length > 2 || steps.length > mostSteps || !holes.every(isHole)) return [];
  const shape = steps.map((step) => (isHole(step) ? '*' : step));
  if (!tells(shape)) return [];
  const text = shape.join('/');
  return store === undefined
    ? [`${prefixOf(backend)}${text}`]
    : [`${prefixOf(backend, store)}${text}`, `${prefixOf(backend, '?')}${text}`];
}

function prefixOf(backend: string, store?: string): string {
  return store === undefined ? `state-shape:${backend}:` : `state-shape:${backend}://${store}/`;
}

function tells(shape: readonly string[]): boolean {
  return shape.some((step) => step !== '*' && !common.test(step));
}
