import { ApiProperty } from '@nestjs/swagger';
import { IsUUID, Matches } from 'class-validator';
import { IsCalendarDate, IsDaysAfter } from './validation/calendar-date.js';

/** Reply to {@link ReserveCar}. */
export class CarReserved {
  @IsUUID()
  reservationId!: string;
}

/** Reply to {@link CancelCar}: what was reserved is free again, or nothing was reserved. */
export class CarCancelled {}

/** Command: take one car of a class for every day of a rental. Refused with `CAR_UNKNOWN` or `CAR_SOLD_OUT`. */
export class ReserveCar {
  static readonly type = 'cars.reserve';
  static readonly reply = CarReserved;

  @ApiProperty({ example: 'JFK', pattern: '^[A-Za-z0-9-]{1,20}$' })
  @Matches(/^[A-Za-z0-9-]{1,20}$/, { message: '$property must be 1 to 20 letters, digits or hyphens' })
  location!: string;

  @ApiProperty({ example: 'compact', pattern: '^[A-Za-z0-9-]{1,20}$' })
  @Matches(/^[A-Za-z0-9-]{1,20}$/, { message: '$property must be 1 to 20 letters, digits or hyphens' })
  carClass!: string;

  @ApiProperty({ example: '2027-05-01', format: 'date' })
  @IsCalendarDate()
  pickUp!: string;

  /** The day the car is brought back. It is part of the rental; a rental of one day ends on the day it began. */
  @ApiProperty({ example: '2027-05-04', format: 'date' })
  @IsCalendarDate()
  @IsDaysAfter('pickUp', { min: 0, max: 366 })
  dropOff!: string;
}

/** Compensation of {@link ReserveCar}: finds what to undo by saga and step. */
export class CancelCar {
  static readonly type = 'cars.cancel';
  static readonly reply = CarCancelled;
}
