/**
 * A business "no". Thrown by a handler (or a guard, pipe, interceptor or filter of it), it undoes what the handler wrote and
 * is answered to the saga, which turns back. Everything else that is thrown is a fault or a bug, and no answer.
 */
export class CommandRejected extends Error {
  override readonly name = 'CommandRejected';

  /**
   * @param code stable, for programs: `FLIGHT_SOLD_OUT`
   * @param message for people
   */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
