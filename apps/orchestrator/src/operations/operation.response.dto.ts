import { ApiProperty } from '@nestjs/swagger';
import { SAGA_STATUSES, SagaResponse, type SagaStatus } from '../saga-view/saga.response.dto.js';

export class SagaList {
  @ApiProperty({ type: [SagaResponse], description: 'Newest first.' })
  items!: SagaResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Pass it as cursor for the next page; null on the last.',
  })
  nextCursor!: string | null;
}

export class PlannedCommandResponse {
  @ApiProperty({ example: '0192f0c1-2b3c-7d4e-8f90-123456789abc/hotel/compensation/1' })
  messageId!: string;

  @ApiProperty({ example: 'hotels' })
  participant!: string;

  @ApiProperty({ example: 'hotels.cancel' })
  type!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  payload!: object;
}

/** What an operation has come to, or would. */
export class OperationResponse {
  @ApiProperty()
  dryRun!: boolean;

  @ApiProperty({ description: 'False when what was wished for is so already.' })
  changed!: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why nothing changes.' })
  because!: string | null;

  @ApiProperty({ enum: SAGA_STATUSES, enumName: 'SagaStatus', description: 'Of the saga, afterwards.' })
  status!: SagaStatus;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'Of a dry run: what the history would gain, in order.',
  })
  transitions!: object[];

  @ApiProperty({ type: [PlannedCommandResponse], description: 'Of a dry run: what would be sent.' })
  commands!: PlannedCommandResponse[];
}
