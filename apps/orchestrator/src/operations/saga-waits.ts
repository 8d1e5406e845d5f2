import { Injectable } from '@nestjs/common';
import { commandQueueOf, factQueueOf } from '@clew/envelope';
import { Sagas, type SagaRecord, type Wait } from '@clew/saga';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';
import { queueStatesOf } from './queue-states.js';
import { waitInWords, type QueueState } from './wait-in-words.js';

type ReplyWait = Extract<Wait, { for: 'reply' }>;

/** Why sagas don't go on, in sentences: from their deadlines, and from the queues of those whom they wait for. */
@Injectable()
export class SagaWaits {
  constructor(
    private readonly sagas: Sagas,
    private readonly environment: OrchestratorEnvironment,
  ) {}

  /** By saga; empty for one that has ended, or that is about to go on. */
  async sentencesOf(records: readonly SagaRecord[]): Promise<ReadonlyMap<string, string[]>> {
    const { now, of } = await this.sagas.waits(records);
    const awaited = [...of.values()].flat().filter((wait) => wait.for === 'reply');
    const queues = await this.queuesOf(awaited);
    const sentences = [...of].map(([id, waits]): [string, string[]] => [
      id,
      waits.map((wait) =>
        waitInWords(wait, now, wait.for === 'reply' ? queues.get(queueFor(wait)) : undefined),
      ),
    ]);
    return new Map(sentences);
  }

  /** By logical name. Nothing is known of them while the broker is away. */
  private async queuesOf(waits: readonly ReplyWait[]): Promise<ReadonlyMap<string, QueueState>> {
    const names = [...new Set(waits.map(queueFor))];
    if (names.length === 0) return new Map();
    try {
      return await queueStatesOf(this.environment, { queues: names });
    } catch {
      return new Map();
    }
  }
}

/** Where what a saga waits for comes to its participant. */
function queueFor({ participant, owner }: ReplyWait): string {
  return owner === undefined ? commandQueueOf(participant) : factQueueOf(participant);
}
