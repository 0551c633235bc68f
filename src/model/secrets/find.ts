import { beginsAsText, firstLook, isTextByte } from './first-look.ts';
import { mayHaveForm, secretForms, shortestForm } from './forms.ts';
import { type Range, secretPartsOf } from './literals.ts';
import { isSecretKey, mayNameSecret } from './names.ts';
import { isPlaceholder } from './placeholders.ts';

/** A secret in a text, and what shows that it is one. */
export interface FoundSecret {
  readonly range: Range;
  readonly why: string;
}

const word = /(?<![\w.-])-{0,2}_{0,2}[A-Za-z][\w.-]*/g;
const afterWord = /^(?:\\*["'`])?\]?(\s*(?:=>|===?|:=|[=:])\s*|\\*["'`]?\s*,\s*(?=\\*["'`])|\s+)/;
/** Also `//` and `*/ /`: a state's address is matched without its scheme. */;
const scheme = /(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:|(?<![:/\w.-]))\/\//gi;
const user = String.raw`[^\s:@/'"\\<>]`;
/** `user:password@`, up to the last `@` before the host ends. */
const userInfo = new RegExp(String.raw`^${user}*:((?!\d{1,5}(?:\/|$))[^\s'"\\<>]*)@`);
const onlyUser = new RegExp(`^(${user}{16,})@`);
const dsn =
  /(?<![\w.%+-])[\w.%+-]{1,100}[:/]([^\s@'"\\]{1,200})@(?:(?:tcp|udp|unix|cloudsql)?\(|\/\/|[\w.-]+:\d+(?:[/?"'\s]|$))/g;
const bearer =
  /\b(?:bearer|authorization["'\\]*\s*[:=]\s*["'\\]*(?:basic|token|bearer|apikey))\s+["'\\]*([\w.~+/=-]{4,})/gi;
const basic = /\bbasic\s+([A-Za-z0-9+/]{8,}={0,2})(?![\w+/=])/gi;
/** As registries of images keep who logs in: `"auth": "<user:password in base64>"`. */
const loginPair = /(?<![\w-])_?auth\\*["']?\s*[:=]\s*\\*["']?([A-Za-z0-9+/]{8,}={0,2})(?![\w+/=])/g;
const signed =
  /[?&;](?:sig|signature|x-amz-signature|x-amz-credential|x-goog-signature|sshkey|auth|key|code|jwt|sas|pass)=([^&\s"'#\\;]{6,})/gi;
const loginUser =
  /(?<![\w-])(?:-u|-U|--user|--proxy-user|--userpwd|--auth|--creds)(?:=|\s+|\\*["']\s*,\s*)?\\*["']?([\w.@%+\\-]+):([^\s"'\\,]+)/g;
const shortFlag =
  /\b(?:sshpass|login|mysql\w*|mariadb\w*|mongo\w*|sqlcmd|htpasswd)\b[^\n|;&]{0,300}?\s-(?:p|P|pw)\s*["']?([^\s"'|;&-][^\s"'|;&]*)/g;
/** As a `.netrc` has them. */
const loginWords = /\blogin\s+[^\s"'\\]{1,200}\s+password\s+["'\\]*([^\s"'\\]+)/g;
const encoded = /(?<![\w+/=-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=-])/g;
const notATokenWord =
  /^(?:tokens?|auth\w*|scheme|header|format|based?|access|is|are|or|and|of|the|for|in|with|from|only|credentials?)$/i;

/** Everything that a text must hold something of, before it is worth a second look. */
const worthALook =
  /:\/\/|@|pass|pwd|secret|token|apikey|cred|bearer|basic|authoriz|key|[?&;](?:sig|signature|x-|auth|code|jwt|sas)|-u|-auth|mysql|mariadb|mongo|sqlcmd|login|pat\b|connection|sas\b|auth\\*["']?\s*[:=]/i;

const none: readonly FoundSecret[] = [];

/** Texts that hold none. Those of modules repeat in each component that uses them, those of a component in each look at it. */
let innocent = new Set<string>();
/** Those of before the last time that there were too many: who is met again moves over, who is not is let go. */
let innocentBefore = new Set<string>();
const mostKept = 20_000;
const longestKept = 2_000;

/** The secrets in a text, in order, none within another. O(length). */
export function findSecretsInText(text: string): readonly FoundSecret[] {
  if (text.length < 6 || innocent.has(text)) return none;
  const found = innocentBefore.has(text) ? none : lookedFor(text);
  if (found.length === 0 && text.length <= longestKept) {
    if (innocent.size >= mostKept) {
      innocentBefore = innocent;
      innocent = new Set();
    }
    innocent.add(text);
  }
  return found;
}

function lookedFor(text: string): readonly FoundSecret[] {
  const { separated, spaced, encoded: mayBeEncoded } = firstLook(text);
  const found: FoundSecret[] = [];
  const add = (from: number, to: number, why: string) => {
    if (to > from && !isPlaceholder(text.slice(from, to))) found.push({ range: [from, to], why });
  };
  if (text.length >= shortestForm && mayHaveForm.test(text))
    for (const { form, why } of secretForms)
      for (const { index, 0: match } of text.matchAll(form)) add(index, index + match.length, why);
  if (separated && worthALook.test(text)) {
    addAddresses(text, add);
    if (mayNameSecret.test(text)) addNamed(text, add);
    if (spaced) addHeaders(text, add);
    for (const match of text.matchAll(loginPair))
      if (isEncodedPair(match[1] ?? '')) addLast(match, match[1] ?? '', 'a user and a password', add);
    for (const match of text.matchAll(loginUser))
      if (!/^\d+$/.test(match[2] ?? '')) addLast(match, match[2] ?? '', 'a password behind a user', add);
    if (spaced)
      for (const form of [shortFlag, loginWords])
        for (const match of text.matchAll(form)) addLast(match, match[1] ?? '', 'a password of a command', add);
  }
  if (mayBeEncoded) addEncoded(text, add);
  return found.length < 2 ? found : apart(found);
}

type Add = (from: number, to: number, why: string) => void;

function addAddresses(text: string, add: Add): void {
  if (text.includes('@')) {
    for (const { index, 0: start } of text.matchAll(scheme)) {
      const from = index + start.length;
      const end = from + 2000;
      const rest = text.slice(from, end);
      const password = userInfo.exec(rest);
      if (password !== null) {
        const value = password[1] ?? '';
        const at = from + password[0].length - 1 - value.length;
        add(at, at + value.length, 'a URI with a password');
      } else {
        const token = /^https?:/i.test(start) ? onlyUser.exec(rest)?.[1] : undefined;
        if (token !== undefined && /\d/.test(token) && /[A-Za-z]/.test(token))
          add(from, from + token.length, 'a URI with a token');
      }
    }
    for (const match of text.matchAll(dsn))
      if (!/^sha\d+$/.test(match[1] ?? '')) addGroup(match, 'an address with a password', add);
  }
  if (text.includes('=')) for (const match of text.matchAll(signed)) addGroup(match, 'a signed address', add);
}

function addHeaders(text: string, add: Add): void {
  for (const match of text.matchAll(bearer)) addGroup(match, 'a token in a header', add);
  for (const match of text.matchAll(basic))
    if (isEncodedPair(match[1] ?? '')) addGroup(match, 'a password in a header', add);
}

/** `name = value`, `"name": "value"`, `--name value`, `["--name", "value"]`, wherever the name says that the value is secret. */
function addNamed(text: string, add: Add): void {
  let done = 0;
  for (const { index, 0: name } of text.matchAll(word)) {
    if (index < done || !isSecretKey(name.replace(/^[-_]+/, ''))) continue;
    const behind = index + name.length;
    const between = afterWord.exec(text.slice(behind, behind + 40));
    if (between === null) continue;
    const separator = (between[1] ?? '').trim();
    const isFlag = name.startsWith('-');
    if ((separator === '' || separator.endsWith(',')) && !isFlag) continue;
    const at = behind + between[0].length;
    if (separator === '' && /^-/.test(text.slice(at, at + 1))) continue;
    const { parts, end } = secretPartsOf(text, at);
    done = end;
    for (const [from, to] of parts) {
      // `Authorization: Bearer …` and its like say what follows, and that is found by itself.
      const skipped = /^(?:bearer|basic|token)\s+/i.exec(text.slice(from, to))?.[0].length ?? 0;
      add(from + skipped, to, 'a name that says so');
    }
  }
}

function addGroup(match: RegExpExecArray, why: string, add: Add): void {
  const value = match[1] ?? '';
  if (notATokenWord.test(value)) return;
  const at = match.index + match[0].indexOf(value, value.length === match[0].length ? 0 : 1);
  add(at, at + value.length, why);
}

function addLast(match: RegExpExecArray, value: string, why: string, add: Add): void {
  const end = match.index + match[0].length;
  add(end - value.length, end, why);
}

/** Base64 hides nothing: what it holds is looked at, one layer deep. */
function addEncoded(text: string, add: Add): void {
  for (const { index, 0: run } of text.matchAll(encoded)) {
    const plain = beginsAsText(run) ? decoded(run) : undefined;
    if (plain !== undefined && findSecretsInText(plain).length > 0)
      add(index, index + run.length, 'a secret in base64');
  }
}

export function isEncodedPair(run: string): boolean {
  return decoded(run)?.includes(':') === true;
}

/** The text that base64 stands for; undefined where it is no text. */
function decoded(run: string): string | undefined {
  if (run.length > 100_000) return undefined;
  const bytes = Buffer.from(run, 'base64');
  for (const byte of bytes) if (!isTextByte(byte)) return undefined;
  return bytes.toString('latin1');
}

function apart(found: FoundSecret[]): FoundSecret[] {
  found.sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1]);
  const kept: FoundSecret[] = [];
  for (const one of found) {
    const last = kept.at(-1);
    if (last === undefined || one.range[0] >= last.range[1]) kept.push(one);
    else if (one.range[1] > last.range[1]) kept[kept.length - 1] = { ...last, range: [last.range[0], one.range[1]] };
  }
  return kept;
}
