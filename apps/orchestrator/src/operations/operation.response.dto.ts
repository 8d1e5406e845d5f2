import { ApiProperty } from '@nestjs/swagger';
import { SAGA_STATUSES, SagaResponse, type SagaStatus } from '../saga-view/saga.response.dto.js';

/** A saga as those see it who have to see to it. */
export class OperatedSagaResponse extends SagaResponse {
  @ApiProperty({ enum: ['orchestration', 'choreography'] })
  coordination!: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'To whom it belongs.' })
  owner!: string | null;

  @ApiProperty({
    type: [String],
    example: [
      'Waiting 42 s for the reply of hotels about step hotel, attempt 2; its queue has no consumer, and 5 messages wait in its queue: start the app; times out in 18 s, and is asked again.',
    ],
    description: 'Why it has not ended, a sentence for each thing that it waits for.',
  })
  waiting!: string[];
}

export class SagaList {
  @ApiProperty({ type: [OperatedSagaResponse], description: 'Newest first.' })
  items!: OperatedSagaResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Pass it as cursor for the next page; null on the last.',
  })
  nextCursor!: string | null;
}

export class PlannedCommandResponse {
  @ApiProperty({
    example: '0192f0c1-2b3c-7d4e-8f90-123456789abc/hotel/compensation/1',
    description: 'Of a choreographed saga: that of the word by which its owner would ask for it.',
  })
  messageId!: string;

  @ApiProperty({ example: 'hotels' })
  participant!: string;

  @ApiProperty({ example: 'hotels.cancel', description: 'Of a choreographed saga: the topic.' })
  type!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  payload!: object;
}

export class PlannedAnswerResponse {
  @ApiProperty({ example: '0192f0c1-2b3c-7d4e-8f90-123456789abc/return/action/0/reply' })
  messageId!: string;

  @ApiProperty({ format: 'uuid', description: 'The parent.' })
  sagaId!: string;

  @ApiProperty({ example: 'return' })
  step!: string;

  @ApiProperty({ enum: ['done', 'rejected'] })
  outcome!: 'done' | 'rejected';
}

/** What an operation has come to, or would. */
export class OperationResponse {
  @ApiProperty()
  dryRun!: boolean;

  @ApiProperty({ description: 'False when what was wished for is so already.' })
  changed!: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why nothing changes.' })
  because!: string | null;

  @ApiProperty({
    enum: SAGA_STATUSES,
    enumName: 'SagaStatus',
    description:
      'Of the saga, afterwards. A choreographed one changes when its owner has heard of the wish: a dry run says to what.',
  })
  status!: SagaStatus;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Of a dry run: what the history would gain, in order.',
  })
  transitions!: object[];

  @ApiProperty({ type: [PlannedCommandResponse], description: 'Of a dry run: what would be sent.' })
  commands!: PlannedCommandResponse[];

  @ApiProperty({
    type: PlannedAnswerResponse,
    nullable: true,
    description: 'Of a dry run: what the parent of a child saga that would end by it would be told.',
  })
  answer!: PlannedAnswerResponse | null;
}
