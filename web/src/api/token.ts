/**
 * The token that somebody showed: sent with every request of this tab, and kept nowhere. What runs in the page of an estate
 * could read what a browser keeps; what is gone with the tab nobody finds.
 */
let held: string | undefined;

export function holdToken(token: string): void {
  held = token.trim() === '' ? undefined : token.trim();
}

export function credentials(): Readonly<Record<string, string>> {
  return held === undefined ? {} : { authorization: `Bearer ${held}` };
}
