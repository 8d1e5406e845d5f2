export const ROLES = ['caller', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who makes a request. */
export interface Caller {
  /** Of the API key. Without keys everybody is the same caller, who has none; nor has who bears CLEW_OPERATOR_KEY. */
  readonly name: string | undefined;
  readonly role: Role;
}
