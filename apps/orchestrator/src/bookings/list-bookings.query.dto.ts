import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { BOOKING_STATUSES, type BookingStatus } from './booking.response.dto.js';

/** Query of `GET /bookings`. */
export class ListBookingsQuery {
  @ApiPropertyOptional({ enum: BOOKING_STATUSES, enumName: 'BookingStatus' })
  @IsOptional()
  @IsIn(BOOKING_STATUSES)
  status?: BookingStatus;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 20 })
  // Stays text until it is known to be digits: Number() also takes '0x10', ' 7 ' and ''.
  @IsOptional()
  @Matches(/^(?:[1-9]\d?|100)$/, { message: '$property must be a whole number from 1 to 100' })
  limit?: string;

  @ApiPropertyOptional({ description: 'nextCursor of the page before, read with the same status.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}
