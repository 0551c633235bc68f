/** The engine that schemas are checked with, loaded when the first one is compiled. */
export { _, Ajv } from 'ajv';
export { Ajv2020 } from 'ajv/dist/2020.js';
export { default as ajvFormats } from 'ajv-formats';
