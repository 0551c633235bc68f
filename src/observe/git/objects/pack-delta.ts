/**
 * An object from another one that it is told by: copies of the base's parts and new bytes in turn, as packs keep what is much
 * alike. @throws where the delta does not fit the base
 */
export function applyDelta(base: Buffer, delta: Buffer, limit: number): Buffer {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = delta[at++];
      if (byte === undefined) throw new Error('a delta is cut off');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  if (number() !== base.length) throw new Error('a delta is of another base');
  const size = number();
  if (size > limit) throw new Error('an object is too large');
  const made = Buffer.allocUnsafe(size);
  let done = 0;
  while (at < delta.length) {
    const order = delta[at++] ?? 0;
    if (order === 0) throw new Error('a delta has an unknown order');
    if (order < 0x80) {
      if (delta.copy(made, done, at, at + order) !== order) throw new Error('a delta is cut off');
      at += order;
      done += order;
      continue;
    }
    let [offset, length] = [0, 0];
    for (let bit = 0; bit < 4; bit++) if ((order & (1 << bit)) !== 0) offset += (delta[at++] ?? 0) * 256 ** bit;
    for (let bit = 0; bit < 3; bit++) if ((order & (0x10 << bit)) !== 0) length += (delta[at++] ?? 0) * 256 ** bit;
    if (length === 0) length = 0x10000;
    if (offset + length > base.length || done + length > size) throw new Error('a delta leaves its base');
    base.copy(made, done, offset, offset + length);
    done += length;
  }
  if (done !== size) throw new Error('a delta is cut off');
  return made;
}
