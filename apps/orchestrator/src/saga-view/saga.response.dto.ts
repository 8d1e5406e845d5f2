import { ApiProperty } from '@nestjs/swagger';

export const SAGA_STATUSES = ['RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED'] as const;
export type SagaStatus = (typeof SAGA_STATUSES)[number];

export const STEP_STATUSES = [
  'PENDING',
  'EXECUTING',
  'SUCCEEDED',
  'REJECTED',
  'IN_DOUBT',
  'COMPENSATING',
  'COMPENSATED',
  'SKIPPED',
  'STUCK',
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export class RejectionResponse {
  @ApiProperty({ example: 'HOTEL_SOLD_OUT', description: 'Stable: callers branch on it.' })
  code!: string;

  @ApiProperty({ description: 'For people.' })
  message!: string;
}

export class FailureResponse extends RejectionResponse {
  @ApiProperty({
    type: 'string',
    nullable: true,
    example: 'hotel',
    description: 'The step that made the saga turn back; null when it was cancelled or took too long.',
  })
  step!: string | null;
}

export class StepResponse {
  @ApiProperty({ example: 'flight' })
  name!: string;

  @ApiProperty({ enum: STEP_STATUSES, enumName: 'StepStatus' })
  status!: StepStatus;

  @ApiProperty({ type: 'integer', description: 'How often the step was asked for; 0 before it began.' })
  attempts!: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  startedAt!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Since when the step has its status, once it waits for nothing more.',
  })
  endedAt!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { reservationId: '0192f0c1-2b3c-7d4e-8f90-123456789abc' },
    description: 'What the participant answered when it was done; kept when the step is undone.',
  })
  result!: object | null;

  @ApiProperty({ type: RejectionResponse, nullable: true })
  rejection!: RejectionResponse | null;
}

/** Where the rest of it is. */
export class SagaLinks {
  @ApiProperty({ format: 'uri-reference' })
  self!: string;

  @ApiProperty({ format: 'uri-reference' })
  history!: string;

  @ApiProperty({ format: 'uri-reference' })
  events!: string;
}

/** What there is to tell of any saga, whatever it is about. */
export class SagaResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'trip-booking' })
  saga!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version!: number;

  @ApiProperty({ enum: SAGA_STATUSES, enumName: 'SagaStatus' })
  status!: SagaStatus;

  @ApiProperty({ type: [StepResponse], description: 'In the order of the definition.' })
  steps!: StepResponse[];

  @ApiProperty({ type: FailureResponse, nullable: true })
  failure!: FailureResponse | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  endedAt!: string | null;
}
