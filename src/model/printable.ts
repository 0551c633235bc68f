/**
 * Control characters of an estate must not steer a terminal: they are shown as escapes. Where they may stand in JSON, inside
 * strings, the escape is JSON's own, so a document still says the same. A carriage return before a line feed steers nothing: it
 * ends a line, and a patch of a file with such line ends holds only with it.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
