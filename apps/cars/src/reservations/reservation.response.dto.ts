import { ApiProperty } from '@nestjs/swagger';

export class ReservationResponse {
  @ApiProperty({ format: 'uuid' })
  bookingId!: string;

  @ApiProperty({ enum: ['RESERVED', 'CANCELLED'] })
  status!: 'RESERVED' | 'CANCELLED';

  @ApiProperty({ format: 'uuid' })
  reservationId!: string;

  @ApiProperty({ example: 'JFK' })
  location!: string;

  @ApiProperty({ example: 'compact' })
  carClass!: string;

  @ApiProperty({ format: 'date', example: '2027-05-01' })
  pickUp!: string;

  @ApiProperty({ format: 'date', example: '2027-05-04' })
  dropOff!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  cancelledAt!: string | null;
}
