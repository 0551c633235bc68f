import type { FunctionTable } from './define.ts';
import { deep, text } from './define.ts';

/** A moment with the offset it was written in, which formatting keeps. */
interface Moment {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?:Z|([+-])(\d{2}):(\d{2}))$/;

function parseMoment(written: string): Moment {
  const match = rfc3339.exec(written);
  const at = Date.parse(written);
  if (match === null || Number.isNaN(at)) throw new Error('this is no RFC 3339 time');
  const [, , sign, hours = '0', minutes = '0'] = match;
  return { at, offset: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) };
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(' ');

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function zone(offset: number, colon: boolean): string {
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon ? ':' : ''}${two(size % 60)}`;
}

type Part = (local: Date, offset: number) => string;
const twelve = (date: Date): number => date.getUTCHours() % 12 || 12;

const parts: Readonly<Record<string, Part>> = {
  YYYY: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
  YY: (date) => two(date.getUTCFullYear() % 100),
  MMMM: (date) => months[date.getUTCMonth()] ?? '',
  MMM: (date) => (months[date.getUTCMonth()] ?? '').slice(0, 3),
  MM: (date) => two(date.getUTCMonth() + 1),
  M: (date) => String(date.getUTCMonth() + 1),
  DD: (date) => two(date.getUTCDate()),
  D: (date) => String(date.getUTCDate()),
  EEEE: (date) => days[date.getUTCDay()] ?? '',
  EEE: (date) => (days[date.getUTCDay()] ?? '').slice(0, 3),
  hh: (date) => two(date.getUTCHours()),
  h: (date) => String(date.getUTCHours()),
  HH: (date) => two(twelve(date)),
  H: (date) => String(twelve(date)),
  AA: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  aa: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  mm: (date) => two(date.getUTCMinutes()),
  m: (date) => String(date.getUTCMinutes()),
  ss: (date) => two(date.getUTCSeconds()),
  s: (date) => String(date.getUTCSeconds()),
  ZZZZZ: (_date, offset) => zone(offset, true),
  ZZZZ: (_date, offset) => zone(offset, false),
  ZZZ: (_date, offset) => (offset === 0 ? 'UTC' : zone(offset, false)),
  Z: (_date, offset) => (offset === 0 ? 'Z' : zone(offset, true)),
};

function formatDate(pattern: string, moment: Moment): string {
  const local = new Date(moment.at + moment.offset * 60_000);
  return pattern.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (run: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted.replaceAll("''", "'");
    const write = parts[run];
    if (write === undefined) throw new Error(`there is no date part ${run}`);
    return write(local, moment.offset);
  });
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's duration: `1h30m`, `-10s`, in milliseconds. */
function parseDuration(written: string): number {
  const body = written.replace(/^[+-]/, '');
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(body) && body !== '0') throw new Error('this is no duration');
  let sum = 0;
  for (const [, amount = '0', unit = 's'] of body.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(amount) * (units[unit] ?? 0);
  return written.startsWith('-') ? -sum : sum;
}

function writeMoment(moment: Moment): string {
  const local = new Date(moment.at + moment.offset * 60_000).toISOString();
  const fraction = local.slice(19, -1).replace(/\.?0+$/, '');
  return `${local.slice(0, 19)}${fraction}${moment.offset === 0 ? 'Z' : zone(moment.offset, true)}`;
}

export const dateFunctions: FunctionTable = {
  formatdate: deep(2, 2, (args) => formatDate(text(args, 0), parseMoment(text(args, 1)))),
  timeadd: deep(2, 2, (args) => {
    const moment = parseMoment(text(args, 0));
    return writeMoment({ ...moment, at: moment.at + parseDuration(text(args, 1)) });
  }),
  timecmp: deep(2, 2, (args) => Math.sign(parseMoment(text(args, 0)).at - parseMoment(text(args, 1)).at)),
};
