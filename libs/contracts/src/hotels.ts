import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsUUID, Matches, Max, Min } from 'class-validator';
import { IsCalendarDate, IsDaysAfter } from './validation/calendar-date.js';

/** Reply to {@link ReserveHotel}. */
export class HotelReserved {
  @IsUUID()
  reservationId!: string;
}

/** Reply to {@link CancelHotel}: what was reserved is free again, or nothing was reserved. */
export class HotelCancelled {}

/** Command: take `rooms` rooms for every night of a stay. Refused with `HOTEL_UNKNOWN` or `HOTEL_SOLD_OUT`. */
export class ReserveHotel {
  static readonly type = 'hotels.reserve';
  static readonly reply = HotelReserved;

  @ApiProperty({ example: 'HOTEL-1', pattern: '^[A-Za-z0-9-]{1,40}$' })
  @Matches(/^[A-Za-z0-9-]{1,40}$/, { message: '$property must be 1 to 40 letters, digits or hyphens' })
  hotelId!: string;

  @ApiProperty({ example: '2027-05-01', format: 'date' })
  @IsCalendarDate()
  checkIn!: string;

  /** The day of departure: its night is not part of the stay. */
  @ApiProperty({ example: '2027-05-04', format: 'date' })
  @IsCalendarDate()
  @IsDaysAfter('checkIn', { min: 1, max: 366 })
  checkOut!: string;

  @ApiProperty({ example: 1, type: 'integer', minimum: 1, maximum: 500 })
  @IsInt()
  @Min(1)
  @Max(500)
  rooms!: number;
}

/** Compensation of {@link ReserveHotel}: finds what to undo by saga and step. */
export class CancelHotel {
  static readonly type = 'hotels.cancel';
  static readonly reply = HotelCancelled;
}
