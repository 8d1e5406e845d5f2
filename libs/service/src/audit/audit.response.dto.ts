import { ApiProperty } from '@nestjs/swagger';

export class AuditedReservation {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid', description: 'The saga whose command made it.' })
  bookingId!: string;

  @ApiProperty({ example: 'flight' })
  step!: string;

  @ApiProperty({ example: 'seats' })
  what!: string;

  @ApiProperty({ example: 'RESERVED', description: "In the participant's own words." })
  status!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  quantity!: number;

  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'The saga that it is about, where that is another one: the order that is returned.',
  })
  regarding!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;
}

export class AuditedReservations {
  @ApiProperty({ type: [AuditedReservation], description: 'By booking id; those of one are never divided.' })
  items!: AuditedReservation[];

  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'Pass it as after for the next page; null on the last.',
  })
  nextAfter!: string | null;
}

export class CounterDrift {
  @ApiProperty({ example: 'CL100 2027-05-01' })
  what!: string;

  @ApiProperty({ type: 'integer', example: 12, description: 'What the reservations come to.' })
  counted!: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 13, description: 'null: there is no counter.' })
  recorded!: number | null;
}

export class AuditedMigrations {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'null: the build came without its migrations.',
  })
  applied!: number | null;

  @ApiProperty({ type: [String], description: 'Those that the database lacks.' })
  pending!: readonly string[];

  @ApiProperty({ type: [String], description: 'Those that the build lacks.' })
  unknown!: readonly string[];
}

export class AuditedInventory {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: "Of the snapshot, by the database's clock.",
  })
  at!: Date;

  @ApiProperty({ type: 'integer', example: 37230 })
  checked!: number;

  @ApiProperty({ type: [CounterDrift] })
  drift!: CounterDrift[];
}
