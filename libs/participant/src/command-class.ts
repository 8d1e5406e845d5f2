/**
 * A command: a class whose fields are the payload, with its wire name and the class of its reply. Structural, so that a
 * contracts package needs no import of Clew.
 */
export interface CommandClass<Payload = object, Reply = object> {
  new (): Payload;
  /** `<participant>.<verb>`, for example `flights.reserve` */
  readonly type: string;
  readonly reply: new () => Reply;
}

export type ReplyOf<Command extends CommandClass> = InstanceType<Command['reply']>;
