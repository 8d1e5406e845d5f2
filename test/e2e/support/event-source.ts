/** One server-sent event. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/**
 * A subscriber to server-sent events, as a browser is one: it reconnects by itself from the last event that it has seen, until
 * the server says 204 or an `end` event comes.
 */
export class EventSubscriber {
  readonly events: ServerSentEvent[] = [];
  connections = 0;
  private lastEventId: string | undefined;

  constructor(private readonly url: string) {}

  /** Resolves once the stream has come to its end, with the data of the `end` event. */
  async untilEnd(within: number): Promise<string> {
    const over = AbortSignal.timeout(within);
    while (!over.aborted) {
      try {
        if (!(await this.connect(over))) return '';
      } catch {
        // The server has gone, or isn't back yet.
      }
      const end = this.events.findLast(({ event }) => event === 'end');
      if (end) return end.data;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`No end within ${within} ms of ${this.url}: ${JSON.stringify(this.events.at(-1))}`);
  }

  /** The ids of the transitions, in the order in which they came. */
  get ids(): number[] {
    return this.events.filter(({ event }) => event === 'transition').map(({ id }) => Number(id));
  }

  /** Resolves with false when there is nothing more to come. */
  private async connect(signal: AbortSignal): Promise<boolean> {
    const headers: Record<string, string> = {};
    if (this.lastEventId !== undefined) headers['last-event-id'] = this.lastEventId;
    const response = await fetch(this.url, { headers, signal });
    if (response.status === 204) return false;
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    this.connections += 1;
    let buffer = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      buffer += chunk;
      const blocks = buffer.split('\n\n');
      buffer = blocks.pop()!;
      for (const block of blocks) this.receive(block);
    }
    return true;
  }

  private receive(block: string): void {
    const field = (name: string) =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const [event, data, id] = ['event', 'data', 'id'].map(field);
    if (event === undefined || data === undefined) return;
    if (id !== undefined) this.lastEventId = id;
    this.events.push({ id, event, data });
  }
}
