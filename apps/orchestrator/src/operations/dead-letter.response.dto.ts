import { ApiProperty } from '@nestjs/swagger';

/** Enough of a dead letter to know it by. */
export class MovedDeadLetter {
  @ApiProperty({ description: 'The same each time it is listed. Parked anew, a message has another.' })
  id!: string;

  @ApiProperty({ example: 'flights.commands' })
  queue!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    example: '0192f0c1-2b3c-7d4e-8f90-123456789abc/flight/action/0',
  })
  messageId!: string | null;

  @ApiProperty({ example: 'No handler takes commands of type flights.fly' })
  reason!: string;
}

export class DeadLetterResponse extends MovedDeadLetter {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Null if nobody has noted it.',
  })
  parkedAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: "The saga's id, as a rule." })
  correlationId!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'flights.reserve' })
  type!: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'How often it had gone back to its queue before it was parked.',
  })
  returns!: number;

  @ApiProperty({ type: 'integer', description: 'Of the whole payload.' })
  bytes!: number;

  @ApiProperty({ type: 'object', additionalProperties: true })
  headers!: object;

  @ApiProperty({ description: 'The first 16 KiB.' })
  payload!: string;

  @ApiProperty({ enum: ['utf8', 'base64'] })
  encoding!: 'utf8' | 'base64';
}

export class DeadLetterList {
  @ApiProperty({ type: [DeadLetterResponse], description: 'Queue by queue, oldest first.' })
  items!: DeadLetterResponse[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'How many dead letters each queue has.',
  })
  counts!: Record<string, number>;
}

/** What redriving or discarding has come to, or would. */
export class MovedDeadLetters {
  @ApiProperty()
  dryRun!: boolean;

  @ApiProperty({ type: 'integer', description: 'How many were meant and found.' })
  matched!: number;

  @ApiProperty({ type: 'integer' })
  done!: number;

  @ApiProperty({ type: 'integer', description: 'Of those that matched. Ask again.' })
  left!: number;

  @ApiProperty({
    type: [MovedDeadLetter],
    description: 'Those that were seen to, or would be; 200 at the most.',
  })
  letters!: MovedDeadLetter[];
}
