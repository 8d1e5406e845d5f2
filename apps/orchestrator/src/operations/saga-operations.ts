import { Injectable } from '@nestjs/common';
import { Sagas, type Operation, type Responsible, type SagaRecord } from '@clew/saga';
import { conflict, isUuid, notFound } from '@clew/service';
import { answeringRefusals } from '../saga-view/answering-refusals.js';
import type { OperationResponse } from './operation.response.dto.js';

/** Does what operators wish, or says what it would come to. */
@Injectable()
export class SagaOperations {
  constructor(private readonly sagas: Sagas) {}

  /** @throws 404; 409 with the reason when it makes no sense as the saga stands */
  async operate(id: string, operation: Operation, responsible: Responsible): Promise<OperationResponse> {
    const {
      changed,
      because = null,
      status,
    } = await answeringRefusals(this.sagas.operate(id, operation, responsible));
    return { dryRun: false, changed, because, status, transitions: [], commands: [], answer: null };
  }

  /** What `operate` would do, without doing it. @throws the same */
  async preview(id: string, operation: Operation, responsible: Responsible): Promise<OperationResponse> {
    const plan = await answeringRefusals(this.sagas.preview(id, operation, responsible));
    const { verdict, because = null, status, events, commands, answer = null } = plan;
    if (verdict === 'refused') throw conflict(`${because}.`);
    return {
      dryRun: true,
      changed: verdict === 'accepted',
      because,
      status: status.after,
      transitions: [...events],
      commands: commands.map(({ messageId, participant, type, payload }) => ({
        messageId,
        participant,
        type,
        payload,
      })),
      answer,
    };
  }

  /** @throws 404 */
  async found(id: string): Promise<SagaRecord> {
    const record = isUuid(id) ? await this.sagas.find(id.toLowerCase()) : undefined;
    if (!record) throw notFound(`There is no saga ${id}.`);
    return record;
  }
}
