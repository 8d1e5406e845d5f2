import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsUUID, Matches, Max, Min } from 'class-validator';
import { IsCalendarDate } from './validation/calendar-date.js';

/** Reply to {@link ReserveFlight}. */
export class FlightReserved {
  @IsUUID()
  reservationId!: string;
}

/** Reply to {@link CancelFlight}: what was reserved is free again, or nothing was reserved. */
export class FlightCancelled {}

/** Command: take `seats` seats of a flight on a day. Refused with `FLIGHT_UNKNOWN` or `FLIGHT_SOLD_OUT`. */
export class ReserveFlight {
  static readonly type = 'flights.reserve';
  static readonly reply = FlightReserved;

  @ApiProperty({ example: 'CL100', pattern: '^[A-Za-z0-9-]{1,20}$' })
  @Matches(/^[A-Za-z0-9-]{1,20}$/, { message: '$property must be 1 to 20 letters, digits or hyphens' })
  flightNumber!: string;

  @ApiProperty({ example: '2027-05-01', format: 'date' })
  @IsCalendarDate()
  date!: string;

  @ApiProperty({ example: 1, type: 'integer', minimum: 1, maximum: 500 })
  @IsInt()
  @Min(1)
  @Max(500)
  seats!: number;
}

/** Compensation of {@link ReserveFlight}: finds what to undo by saga and step. */
export class CancelFlight {
  static readonly type = 'flights.cancel';
  static readonly reply = FlightCancelled;
}
