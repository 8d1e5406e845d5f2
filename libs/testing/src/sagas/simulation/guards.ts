/** What keeps the effects of a saga right although messages repeat, overtake one another and get lost. */
export interface Guards {
  /** An instance is written only if it is still at the revision that was read. */
  readonly compareAndSet: boolean;
  /** A participant answers a command that it has carried out already with its stored reply. */
  readonly storedReply: boolean;
  /** A compensation that comes before its action takes the action's key, so that the action is refused later. */
  readonly tombstone: boolean;
}

export const ALL_GUARDS: Guards = {
  compareAndSet: true,
  storedReply: true,
  tombstone: true,
};
