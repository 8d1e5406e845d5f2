export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');

/** What a service needs before it can do its work. */
export interface HealthChecks {
  /** Resolves when the database answers. */
  readonly database: () => Promise<unknown>;
  /** Whether messages are consumed and can be published. */
  readonly broker: () => boolean;
}
