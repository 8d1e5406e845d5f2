import { ApiProperty } from '@nestjs/swagger';

export class CauseResponse {
  @ApiProperty({ enum: ['request', 'reply', 'deadline', 'parent', 'lock', 'operator'] })
  kind!: 'request' | 'reply' | 'deadline' | 'parent' | 'lock' | 'operator';

  @ApiProperty({ type: 'string', nullable: true, description: 'Of a reply: the id of its message.' })
  messageId!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Of a deadline: the attempt that was not answered.',
  })
  attempt!: number | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Of an operator: what they did.' })
  action!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Of an operator: who it was.' })
  actor!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Of an operator: why they did it.' })
  reason!: string | null;
}

export class TransitionResponse {
  @ApiProperty({ type: 'integer', description: 'Counts the transitions of the saga, from 1.' })
  sequence!: number;

  @ApiProperty({ type: 'integer', description: 'Transitions of one revision were committed together.' })
  revision!: number;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: 'StepSucceeded' })
  type!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'flight' })
  step!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What else belongs to the transition: the result, the rejection, the attempt.',
  })
  details!: object;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The id of the command that the transition sent: <saga>/<step>/<direction>/<epoch>.',
  })
  messageId!: string | null;

  @ApiProperty({ type: CauseResponse })
  cause!: CauseResponse;
}

export class SagaHistoryResponse {
  @ApiProperty({ type: [TransitionResponse], description: 'In order.' })
  items!: TransitionResponse[];
}
