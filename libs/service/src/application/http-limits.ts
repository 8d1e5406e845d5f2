/** What a client may take of an HTTP server: time, in milliseconds, and connections. */
export interface HttpLimits {
  /** Until all header fields have arrived. */
  readonly headersMs: number;
  /** Until the whole request has. */
  readonly requestMs: number;
  /** That a connection may be idle: longer than the 60 s that balancers keep theirs, so that they are the ones to end it. */
  readonly keepAliveMs: number;
  /** How often is looked for who takes too long. */
  readonly checkMs: number;
  /** That those who are still connected have to leave in when the server closes. */
  readonly leaveMs: number;
  /** Connections at a time; more are hung up on. */
  readonly connections: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 72_000,
  checkMs: 1_000,
  leaveMs: 3_000,
  connections: 4_000,
};
