/** Logical name of the queue where a participant's commands wait: `flights` → `flights.commands`. */
export function commandQueueOf(participant: string): string {
  return `${participant}.commands`;
}

/** Logical name of the queue where an orchestrator's replies wait. */
export function replyQueueOf(orchestrator: string): string {
  return `${orchestrator}.replies`;
}

/** Logical name of the queue where a participant hears the facts that it acts on. */
export function factQueueOf(participant: string): string {
  return `${participant}.facts`;
}

/** Logical name of the queue where the owner of choreographed sagas hears what it decides on. */
export function ownerQueueOf(participant: string): string {
  return `${participant}.sagas`;
}

/** Logical name of the queue where an orchestrator is told how the choreographed sagas that it began are doing. */
export function journalQueueOf(orchestrator: string): string {
  return `${orchestrator}.journal`;
}

/** The queues of those who have a part in choreographed sagas, with the topics that each listens to. */
export function factRoutesOf(
  listeners: readonly {
    readonly participant: string;
    readonly role: 'acts' | 'owns';
    readonly topics: readonly string[];
  }[],
): { queues: string[]; subscriptions: { queue: string; topics: readonly string[] }[] } {
  const subscriptions = listeners.map(({ participant, role, topics }) => ({
    queue: role === 'acts' ? factQueueOf(participant) : ownerQueueOf(participant),
    topics,
  }));
  return { queues: [...new Set(subscriptions.map(({ queue }) => queue))], subscriptions };
}
