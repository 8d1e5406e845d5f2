import type { CommandClass } from './command.js';

/** The participant name that stands for the orchestrator itself; no other may bear it. */
export const SAGA_PARTICIPANT = 'saga';

/** What the parent of a child saga is told when the child is done. */
export interface ChildResult<Results = Readonly<Record<string, unknown>>> {
  /** What its steps have answered, by step. */
  readonly results: Results;
}

class ChildDone {
  results!: Readonly<Record<string, unknown>>;
}

class ChildUndone {}

/** Begins an instance of a child saga; answered when it has ended. */
export class StartSaga {
  static readonly type = `${SAGA_PARTICIPANT}.start`;
  static readonly reply = ChildDone;
  saga!: string;
  version!: number;
  input!: unknown;
  /** Keys that the parent and its own parents hold. */
  locks?: readonly string[];
}

/** Makes a child saga turn back, or keeps it from beginning; answered when nothing of it is left. */
export class UndoSaga {
  static readonly type = `${SAGA_PARTICIPANT}.undo`;
  static readonly reply = ChildUndone;
  saga!: string;
  version!: number;
}

export const START_SAGA: CommandClass = StartSaga;
export const UNDO_SAGA: CommandClass = UndoSaga;

/** The saga that waits for a child, as the child knows it: where to answer, and for which command. */
export interface Parent {
  readonly sagaId: string;
  readonly saga: string;
  readonly step: string;
  /** Of the action that began the child. */
  readonly epoch: number;
  readonly replyTo: string;
  /** Keys that the parents hold: the child works under them and takes only keys that sort after them. */
  readonly locks?: readonly string[];
  /** Once the parent has asked for the undo: the epoch of that command. */
  readonly undoEpoch?: number;
}
