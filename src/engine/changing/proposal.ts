import type { Json } from '../../model/digest.ts';
import type { EditWhere } from '../objects/estate-edits.ts';

/** What somebody proposes. Several parts make one change; they are laid over the base in the order in which they stand here. */
export interface Proposal {
  readonly reason: string;
  /** The commit to make it on; default: the ref that the estate follows. */
  readonly base?: string;
  /** A change that gets this as its new content. */
  readonly revises?: string;
  /** A branch, or `A..B`. */
  readonly range?: string;
  /** The work tree of this machine as it is. */
  readonly worktree?: boolean;
  /** An applied change that is taken back. */
  readonly reverts?: string;
  /** A unified diff. */
  readonly patch?: string;
  readonly renames: readonly { readonly from: string; readonly to: string }[];
  readonly removes: readonly string[];
  readonly creates: readonly NewComponent[];
  readonly edits: readonly ComponentEdit[];
  /** What becomes of a value that comes from elsewhere. */
  readonly where: EditWhere;
}

export interface NewComponent {
  /** `type/nickname` in an estate of configurations, else the path of its folder. */
  readonly name: string;
  readonly environment?: string;
  /** The component that it begins as. */
  readonly from?: string;
}

/** Values of one component; pointers into its configuration or inputs. */
export interface ComponentEdit {
  /** A component, or `network@prod`: one deployment of a root module that has several. */
  readonly id: string;
  /** The deployment, where the id does not say it. */
  readonly in?: string;
  readonly values: readonly ValueEdit[];
}

export interface ValueEdit {
  readonly pointer: string;
  /** Undefined: it goes. */
  readonly value?: Json;
}
