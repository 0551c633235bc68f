/**
 * Control characters of an estate must not steer a terminal: they are shown as escapes. Where they may stand in JSON, inside
 * strings, the escape is JSON's own, so a document still says the same.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, escaped);
}

/**
 * The same for a patch, which is taken byte for byte: a carriage return that ends a line steers nothing, and a patch of a file
 * with such line ends holds only with it.
 */
export function printablePatch(text: string): string {
  return text
    .split('\r\n')
    .map((line) => printable(line))
    .join('\r\n');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
