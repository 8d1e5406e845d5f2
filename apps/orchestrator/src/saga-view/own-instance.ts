import type { Caller } from '../callers/caller.js';

/** Whose instances a caller may see: one's own; anybody's if undefined, as for operators, and for all while there are no keys. */
export function ownerSeenBy({ name, role }: Caller): string | undefined {
  return role === 'operator' ? undefined : name;
}

/** Whether a caller may see an instance. What was started while there were no keys is nobody's who has one. */
export function isShownTo(caller: Caller, { owner }: { readonly owner?: string }): boolean {
  const seen = ownerSeenBy(caller);
  return seen === undefined || owner === seen;
}
