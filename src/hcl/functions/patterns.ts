/** The engine that patterns are matched with; half a megabyte, loaded when the first one is compiled. */
export { RE2JS } from 're2js';
