/** What a text holds of what secrets are written with: most texts hold none of it and need no second look. */
export interface FirstLook {
  /** Something that a name, a user or a command is told from its secret by. */
  readonly separated: boolean;
  /** A run of characters that may be base64, long enough to hide something, and of a text as it begins. */
  readonly encoded: boolean;
  /** Words with a blank between them. */
  readonly spaced: boolean;
}

const separator = 1;
const inRun = 2;
const blank = separator | 4;

/** The shortest run of base64 that is looked into. */
const leastEncoded = 16;

/** By code; those beyond ASCII may be blanks. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/\s/.test(character)) return blank;
  if (/[=:,@]/.test(character)) return separator;
  return /[A-Za-z0-9+/_-]/.test(character) ? inRun : 0;
});

const looks: readonly FirstLook[] = Array.from({ length: 8 }, (_, bits) => ({
  separated: (bits & 1) !== 0,
  encoded: (bits & 2) !== 0,
  spaced: (bits & 4) !== 0,
}));

/** One pass, without anything made. */
export function firstLook(text: string): FirstLook {
  let found = 0;
  let run = 0;
  for (let at = 0; at < text.length && found < 7; at += 1) {
    const kind = kinds[text.charCodeAt(at)] ?? blank;
    if (kind === inRun) {
      run += 1;
      if (run === leastEncoded && beginsAsText(text, at + 1 - leastEncoded)) found |= 2;
    } else {
      run = 0;
      found |= kind;
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
export function beginsAsText(run: string, from = 0): boolean {
  for (let at = from; at < from + leastEncoded; at += 4) {
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
