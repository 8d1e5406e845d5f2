import { ApiProperty } from '@nestjs/swagger';

export class ReservationResponse {
  @ApiProperty({ format: 'uuid' })
  bookingId!: string;

  @ApiProperty({ enum: ['RESERVED', 'CANCELLED'] })
  status!: 'RESERVED' | 'CANCELLED';

  @ApiProperty({ format: 'uuid' })
  reservationId!: string;

  @ApiProperty({ example: 'HOTEL-1' })
  hotelId!: string;

  @ApiProperty({ format: 'date', example: '2027-05-01' })
  checkIn!: string;

  @ApiProperty({ format: 'date', example: '2027-05-04' })
  checkOut!: string;

  @ApiProperty({ type: 'integer', example: 1 })
  rooms!: number;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  cancelledAt!: string | null;
}
