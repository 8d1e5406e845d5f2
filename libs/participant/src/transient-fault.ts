/**
 * Passing trouble, thrown by a handler: something it needs is away for the moment. It is no answer: the transaction is
 * rolled back and the command tried again with backoff.
 */
export class TransientFault extends Error {
  override readonly name = 'TransientFault';
}
