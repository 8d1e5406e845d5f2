import { Injectable } from '@nestjs/common';
import { commandQueueOf, factQueueOf } from '@clew/envelope';
import { Sagas, type SagaRecord, type Wait } from '@clew/saga';
import { QueueStates } from './queue-states.js';
import { waitInWords, type QueueState } from './wait-in-words.js';

type ReplyWait = Extract<Wait, { for: 'reply' }>;

const NOTHING_KNOWN: ReadonlyMap<string, QueueState> = new Map();

/** Why sagas don't go on, in sentences: from their deadlines, and from the queues of those whom they wait for. */
@Injectable()
export class SagaWaits {
  constructor(
    private readonly sagas: Sagas,
    private readonly queues: QueueStates,
  ) {}

  /** By saga; empty for one that has ended, or that is about to go on. */
  async sentencesOf(records: readonly SagaRecord[]): Promise<ReadonlyMap<string, string[]>> {
    const { now, of } = await this.sagas.waits(records);
    const isAsked = [...of.values()].flat().some((wait) => wait.for === 'reply');
    const queues = isAsked ? await this.queueStates() : NOTHING_KNOWN;
    const sentences = [...of].map(([id, waits]): [string, string[]] => [
      id,
      waits.map((wait) =>
        waitInWords(wait, now, wait.for === 'reply' ? queues.get(queueFor(wait)) : undefined),
      ),
    ]);
    return new Map(sentences);
  }

  private async queueStates(): Promise<ReadonlyMap<string, QueueState>> {
    try {
      return await this.queues.now();
    } catch {
      return NOTHING_KNOWN; // The broker is away.
    }
  }
}

/** Where what a saga waits for comes to its participant. */
function queueFor({ participant, owner }: ReplyWait): string {
  return owner === undefined ? commandQueueOf(participant) : factQueueOf(participant);
}
