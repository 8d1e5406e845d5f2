/**
 * Failpoints: named places where a process can be told to die or to stand still, so that tests can do it exactly there.
 *
 * `CLEW_FAILPOINT=name` kills the process (SIGKILL, nothing is cleaned up) the first time it gets to that place,
 * `CLEW_FAILPOINT=name:3` the third time. `CLEW_FAILPOINT=name:3:stop` stops it there instead (SIGSTOP), until somebody
 * sends SIGCONT. Unset, which is the normal case, a failpoint costs one comparison.
 */
const [armed, count, mode] = (process.env.CLEW_FAILPOINT ?? '').split(':');
let passesLeft = Number(count ?? 1);

/** Every failpoint there is. */
export type Failpoint =
  /** Orchestrator: transitions are decided on, nothing is committed. */
  | 'orchestrator.before-commit'
  /** Orchestrator: the transition is committed, its commands aren't published. */
  | 'orchestrator.committed'
  /** Relay of any app: the broker has confirmed the messages, their outbox rows are still there. */
  | 'relay.confirmed'
  /** Participant: the handler has run, nothing is committed. */
  | 'participant.before-commit'
  /** Participant: the command is committed, neither acknowledged nor answered. */
  | 'participant.committed';

export function failpoint(name: Failpoint): void {
  if (armed === name && --passesLeft === 0)
    process.kill(process.pid, mode === 'stop' ? 'SIGSTOP' : 'SIGKILL');
}
