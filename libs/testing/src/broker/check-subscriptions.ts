import type { Routes } from '@clew/broker';

/** @throws RangeError if a queue subscribes to topics that is not among the queues */
export function checkSubscriptions({ queues, subscriptions = [] }: Routes): void {
  const stranger = subscriptions.find(({ queue }) => !queues.includes(queue));
  if (stranger) throw new RangeError(`The queue "${stranger.queue}" subscribes to topics and is no queue.`);
}
