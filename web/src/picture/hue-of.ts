/** A colour for a family of components: the same for the same name, everywhere and always. */
export function hueOf(name: string): number {
  let hash = 2166136261;
  for (let place = 0; place < name.length; place++) hash = Math.imul(hash ^ name.charCodeAt(place), 16777619);
  return (hash >>> 0) % 360;
}
