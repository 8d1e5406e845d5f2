import { ApiProperty } from '@nestjs/swagger';

/** More rows aren't counted. */
export const MOST_COUNTED = 1_000_000;

export class RowLag {
  @ApiProperty({ type: 'integer', description: `Counted up to ${MOST_COUNTED}.` })
  count!: number;

  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'Age of the oldest in seconds; null if there is none.',
  })
  oldestSeconds!: number | null;
}

export class QueueLag {
  @ApiProperty({ example: 'hotels.commands' })
  queue!: string;

  @ApiProperty({ type: 'integer', description: 'Messages that nobody has in hand.' })
  messages!: number;

  @ApiProperty({ type: 'integer' })
  consumers!: number;
}

export class LagResponse {
  @ApiProperty({
    type: RowLag,
    description: 'Messages of this gateway that the broker has not confirmed yet.',
  })
  outbox!: RowLag;

  @ApiProperty({ type: RowLag, description: 'Deadlines that are over and not acted on yet.' })
  overdue!: RowLag;

  @ApiProperty({ type: [QueueLag], description: 'What waits at the broker for whom.' })
  queues!: QueueLag[];
}
