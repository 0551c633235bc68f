import { doors } from './doors.ts';
import { escapes } from './escapes.ts';
import { fuzz } from './fuzz.ts';
import { kill } from './kill.ts';
import { race } from './race.ts';
import { secrets } from './secrets.ts';
import { tamper } from './tamper.ts';
import type { Harness } from './world.ts';

/** All there are, by name. */
export const harnesses: Readonly<Record<string, Harness>> = { kill, race, fuzz, tamper, escapes, secrets, doors };
