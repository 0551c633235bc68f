import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random.ts';

/**
 * Changes one value of one config that names no other component, the same in each copy of an estate. Answers what, in words.
 */
export function randomEdit(estates: readonly string[], random: Random): string {
  const [first = ''] = estates;
  const configs = readdirSync(join(first, 'iac'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('config.json'))
    .sort();
  for (;;) {
    const path = join('iac', random.pick(configs) ?? '');
    const config = JSON.parse(readFileSync(join(first, path), 'utf8')) as Record<string, unknown>;
    const key = random.pick(Object.keys(config).filter((name) => !/^\$|nickname|path|parameters|type/.test(name)));
    const value = key === undefined ? undefined : config[key];
    if (key === undefined || (typeof value !== 'number' && typeof value !== 'string')) continue;
    if (isBounded(first, path, key)) continue;
    const changed = typeof value === 'number' ? value + 1 : longer(value);
    const text = `${JSON.stringify({ ...config, [key]: changed }, null, 2)}\n`;
    for (const estate of estates) writeFileSync(join(estate, path), text);
    return `${path} ${key}: ${String(value)} → ${String(changed)}`;
  }
}

/** Whether the type's schema might refuse another value. */
function isBounded(estate: string, path: string, key: string): boolean {
  const file = join(estate, 'schemas', `${path.split('/')[2]}.schema.json`);
  if (!existsSync(file)) return false;
  const { properties = {} } = JSON.parse(readFileSync(file, 'utf8')) as { properties?: Record<string, object> };
  return Object.keys(properties[key] ?? {}).some((word) => !['type', 'description', 'default', 'title'].includes(word));
}

/** A zone's name keeps its trailing dot. */
function longer(text: string): string {
  return text.endsWith('.') ? `${text.slice(0, -1)}x.` : `${text}x`;
}
