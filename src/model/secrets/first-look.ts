/** What a text holds of what secrets are written with: most texts hold none of it and need no second look. */
export interface FirstLook {
  /** Something that a name, a user or a command is told from its secret by. */
  readonly separated: boolean;
  /** A run of characters that may be base64, long enough to hide something. */
  readonly longRun: boolean;
}

const separator = 1;
const ofRun = 2;

/** The shortest run of base64 that is looked into. */
export const leastEncoded = 16;

/** By code; those beyond ASCII may be blanks. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[\s=:,@]/.test(character)) return separator;
  return /[A-Za-z0-9+/_-]/.test(character) ? ofRun : 0;
});

const looks: readonly FirstLook[] = [0, 1, 2, 3].map((bits) => ({
  separated: (bits & 1) !== 0,
  longRun: (bits & 2) !== 0,
}));

/** One pass, without anything made. */
export function firstLook(text: string): FirstLook {
  let found = 0;
  let run = 0;
  for (let at = 0; at < text.length && found < 3; at += 1) {
    const kind = kinds[text.charCodeAt(at)] ?? separator;
    if (kind === ofRun) {
      run += 1;
      if (run === leastEncoded) found |= 2;
    } else {
      run = 0;
      if (kind === separator) found |= 1;
    }
  }
  return looks[found] as FirstLook;
}

const values = new Int8Array(128).fill(-1);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  values[character.charCodeAt(0)] = value;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/** Whether the first bytes that a run of base64 stands for are of a text: of paths and names they rarely are. */
export function beginsAsText(run: string): boolean {
  for (let at = 0; at + 3 < leastEncoded; at += 4) {
    const bits =
      ((values[run.charCodeAt(at)] ?? 0) << 18) |
      ((values[run.charCodeAt(at + 1)] ?? 0) << 12) |
      ((values[run.charCodeAt(at + 2)] ?? 0) << 6) |
      (values[run.charCodeAt(at + 3)] ?? 0);
    if (!isTextByte(bits >> 16) || !isTextByte((bits >> 8) & 255) || !isTextByte(bits & 255)) return false;
  }
  return true;
}

/** ASCII that is printed, or a blank. */
export function isTextByte(byte: number): boolean {
  return byte >= 9 && byte <= 126 && (byte <= 13 || byte >= 32);
}
