import type { Wait } from '@clew/saga';

/** What there is at the broker of the queue that a command waits in. */
export interface QueueState {
  readonly messages: number;
  readonly consumers: number;
}

/**
 * Why a saga doesn't go on, as a sentence for whoever has to see to it.
 *
 * @param queue of the participant that it waits for; `undefined` if that isn't known
 */
export function waitInWords(wait: Wait, now: Date, queue: QueueState | undefined): string {
  const passed = inWords(now.getTime() - wait.since.getTime());
  switch (wait.for) {
    case 'lock':
      return `Waiting ${passed} for the lock "${wait.key}", which another saga holds.`;
    case 'operator':
      return `Step ${wait.step} has been waiting ${passed} for an operator: ${reasonOf(wait)}`;
    case 'reply': {
      const what = wait.direction === 'action' ? `step ${wait.step}` : `the undo of step ${wait.step}`;
      const parts = [
        `Waiting ${passed} for the reply of ${wait.participant} about ${what}, attempt ${wait.attempt}`,
        ...queueInWords(queue),
        deadlineInWords(wait),
      ];
      return `${parts.join('; ')}.`;
    }
  }
}

function reasonOf({ reason, direction }: Extract<Wait, { for: 'operator' }>): string {
  const what = direction === 'action' ? 'it' : 'its undo';
  switch (reason.kind) {
    case 'rejection':
      return `${what} was refused with ${reason.rejection.code}, "${reason.rejection.message}". Retry it, skip it or mark it done.`;
    case 'silence':
      return `${what} was asked for again and again, and never answered. Retry it once the participant is well.`;
    case 'bug':
      return `${what} can't be built: ${reason.message}. Deploy a release that mends it, then retry it.`;
  }
}

function queueInWords(queue: QueueState | undefined): string[] {
  if (!queue) return [];
  const { consumers, messages } = queue;
  const waiting = `${messages} ${messages === 1 ? 'message waits' : 'messages wait'} in its queue`;
  if (consumers === 0) return [`its queue has no consumer, and ${waiting}: start the app`];
  return messages > 0 ? [waiting] : [];
}

function deadlineInWords({
  dueInMs,
  attempt,
  attempts,
  then,
  owner,
}: Extract<Wait, { for: 'reply' }>): string {
  if (owner !== undefined) return `${owner}, who owns the saga, asks again`;
  if (dueInMs === undefined) return 'it has no deadline';
  const when = dueInMs > 0 ? `times out in ${inWords(dueInMs)}` : 'is timing out now';
  const next =
    attempt < attempts
      ? 'and is asked again'
      : then === 'turns back'
        ? 'and the saga turns back'
        : 'and is parked';
  return `${when}, ${next}`;
}

/** `42 s`, `3 min 5 s`, `2 h 10 min`, `3 days 4 h` */
export function inWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
