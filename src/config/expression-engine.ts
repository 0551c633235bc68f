/** The language that people's expressions are written in, loaded when the first one is read. */
export { CelScalar, celEnv, celFunc, celMap, isCelError, parse, plan } from '@bufbuild/cel';
