/** Logical name of the queue where a participant's commands wait: `flights` → `flights.commands`. */
export function commandQueueOf(participant: string): string {
  return `${participant}.commands`;
}

/** Logical name of the queue where an orchestrator's replies wait. */
export function replyQueueOf(orchestrator: string): string {
  return `${orchestrator}.replies`;
}
