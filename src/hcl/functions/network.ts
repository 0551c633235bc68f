import type { Value } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { deep, many, text, whole } from './define.ts';

/** An address block: the address with the host's bits cleared, and how many bits the network has. */
interface Block {
  readonly address: bigint;
  readonly bits: number;
  /** 32 or 128. */
  readonly size: number;
}

function parseAddress(written: string): { readonly address: bigint; readonly size: number } {
  if (written.includes(':')) return { address: parseV6(written), size: 128 };
  const parts = written.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    throw new Error('this is no IP address');
  return { address: parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n), size: 32 };
}

function parseV6(written: string): bigint {
  const [head = '', tail, ...more] = written.split('::');
  const words = (side: string): string[] =>
    (side === '' ? [] : side.split(':')).flatMap((word) => {
      if (!word.includes('.')) return [word];
      const { address } = parseAddress(word);
      return [(address >> 16n).toString(16), (address & 0xffffn).toString(16)];
    });
  const [before, after] = [words(head), tail === undefined ? [] : words(tail)];
  const missing = 8 - before.length - after.length;
  const all = tail === undefined ? before : [...before, ...Array<string>(Math.max(missing, 0)).fill('0'), ...after];
  if (more.length > 0 || all.length !== 8 || !all.every((word) => /^[0-9a-fA-F]{1,4}$/.test(word)))
    throw new Error('this is no IP address');
  return all.reduce((sum, word) => (sum << 16n) | BigInt(`0x${word}`), 0n);
}

function parseBlock(written: string): Block {
  const [addressText = '', bitsText = ''] = written.split('/');
  const { address, size } = parseAddress(addressText);
  const bits = Number(bitsText);
  if (!/^\d+$/.test(bitsText) || bits > size) throw new Error('this is no address block');
  return { address: address & mask(bits, size), bits, size };
}

function mask(bits: number, size: number): bigint {
  return ((1n << BigInt(bits)) - 1n) << BigInt(size - bits);
}

function writeAddress(address: bigint, size: number): string {
  if (size === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
  const words = Array.from({ length: 8 }, (_word, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  return compress(words);
}

/** RFC 5952: the longest run of two or more zero words, the first of equals, becomes `::`. */
function compress(words: readonly string[]): string {
  let best = { start: -1, length: 1 };
  for (let i = 0; i < words.length; i++) {
    let length = 0;
    while (words[i + length] === '0') length++;
    if (length > best.length) best = { start: i, length };
  }
  if (best.start < 0) return words.join(':');
  return `${words.slice(0, best.start).join(':')}::${words.slice(best.start + best.length).join(':')}`;
}

function subnet(block: Block, newBits: number, number: bigint): string {
  const bits = block.bits + newBits;
  if (newBits < 0 || bits > block.size) throw new Error('not enough address bits for that subnet');
  if (number < 0n || number >= 1n << BigInt(newBits)) throw new Error('the subnet number does not fit');
  return `${writeAddress(block.address | (number << BigInt(block.size - bits)), block.size)}/${bits}`;
}

function host(block: Block, number: bigint): string {
  const room = 1n << BigInt(block.size - block.bits);
  const at = number < 0n ? room + number : number;
  if (at < 0n || at >= room) throw new Error('the host number does not fit');
  return writeAddress(block.address | at, block.size);
}

/** Consecutive subnets, each aligned to its own size. */
function subnets(block: Block, newBits: readonly number[]): Value {
  let next = block.address;
  const end = block.address + (1n << BigInt(block.size - block.bits));
  return newBits.map((more) => {
    const bits = block.bits + more;
    if (more < 1 || bits > block.size) throw new Error('not enough address bits for that subnet');
    const room = 1n << BigInt(block.size - bits);
    const start = ((next + room - 1n) / room) * room;
    next = start + room;
    if (next > end) throw new Error('the subnets do not fit');
    return `${writeAddress(start, block.size)}/${bits}`;
  });
}

export const networkFunctions: FunctionTable = {
  cidrsubnet: deep(3, 3, (args) => subnet(parseBlock(text(args, 0)), whole(args, 1), BigInt(whole(args, 2)))),
  cidrhost: deep(2, 2, (args) => host(parseBlock(text(args, 0)), BigInt(whole(args, 1)))),
  cidrnetmask: deep(1, 1, (args) => {
    const block = parseBlock(text(args, 0));
    if (block.size !== 32) throw new Error('only IPv4 has a netmask');
    return writeAddress(mask(block.bits, 32), 32);
  }),
  cidrsubnets: deep(1, many, (args) =>
    subnets(
      parseBlock(text(args, 0)),
      args.slice(1).map((_bits, i) => whole(args, i + 1)),
    ),
  ),
};
