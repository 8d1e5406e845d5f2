/** The broker is away, or doesn't answer: try again later. */
export class BrokerUnavailable extends Error {
  /** By which those tell that it will pass who don't know this class. */
  readonly code = 'UNAVAILABLE';
}
