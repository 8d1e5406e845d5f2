/**
 * A command as the saga sees it: a class whose fields are the payload, with its wire name and the class of its reply.
 * Structural on purpose, so that a contracts package needs no import of Clew.
 */
export interface CommandClass<Payload = object, Result = object> {
  new (): Payload;
  /** `<participant>.<verb>`, for example `flights.reserve`; the part before the first dot names the participant. */
  readonly type: string;
  readonly reply: new () => Result;
}

export type PayloadOf<C extends CommandClass> = InstanceType<C>;
export type ResultOf<C extends CommandClass> = InstanceType<C['reply']>;

/** Whether a command carries a step out or undoes it. */
export type Direction = 'action' | 'compensation';

/** What identifies a command within its saga. The epoch grows only when an operator retries after a recorded outcome. */
export interface CommandKey {
  readonly step: string;
  readonly direction: Direction;
  readonly epoch: number;
}

const COMMAND_TYPE = /^([a-z][a-z0-9-]*)\.[a-z][a-z0-9.-]*$/;

/** The participant that a command type addresses: `flights.reserve` → `flights`. Throws on any other form. */
export function participantOf(type: string): string {
  const match = COMMAND_TYPE.exec(type);
  if (!match?.[1]) {
    throw new Error(
      `The command type "${type}" must read <participant>.<verb> in lower case, like flights.reserve`,
    );
  }
  return match[1];
}

const COMMAND_ID = /^([0-9a-f-]{36})\/([a-z][a-z0-9-]*)\/(action|compensation)\/(0|[1-9]\d{0,8})$/;

/** The id of a command, the same however often it is sent: `<saga>/<step>/<direction>/<epoch>`. */
export function commandId(sagaId: string, key: CommandKey): string {
  return `${sagaId}/${key.step}/${key.direction}/${key.epoch}`;
}

/** Reads a command id; `undefined` when the text isn't one. */
export function parseCommandId(id: string): (CommandKey & { readonly sagaId: string }) | undefined {
  const match = COMMAND_ID.exec(id);
  if (!match) return undefined;
  const [, sagaId, step, direction, epoch] = match as unknown as [string, string, string, Direction, string];
  return { sagaId, step, direction, epoch: Number(epoch) };
}
