/**
 * Why Karma believes something. A place is named by what it is (a block's address, a config key, a parameter) and only then
 * by file and line: those are looked up from the site, so that a comment added above it changes no reference.
 */
export interface Evidence {
  /** The rule that found it; `karma explain RULE` tells what it means. */
  readonly rule: string;
  /** The block and attribute, config pointer or parameter: `data.aws_ssm_parameter.vpc.name`, `config#/vpc_nickname`. */
  readonly site: string;
  /** The file, as `path` or `repo:path`. */
  readonly file?: string;
  /** From 1. Filled in from the sites of the type or component; never part of a hash. */
  readonly line?: number;
  /** The expression as written, shortened; redacted where it could hold a secret. */
  readonly expression?: string;
  /** A parameter's name and version. */
  readonly parameter?: string;
  readonly version?: number;
}

/** Where a site stands: `[file, line]`. Kept in type and component rows. */
export type Sites = Readonly<Record<string, readonly [file: string, line: number]>>;
