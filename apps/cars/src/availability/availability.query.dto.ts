import { PickType } from '@nestjs/swagger';
import { ReserveCar } from '@clew/contracts';

/** What is asked for is named by the same fields, under the same rules, as in the command that reserves it. */
export class AvailabilityQuery extends PickType(ReserveCar, ['location', 'carClass', 'pickUp', 'dropOff']) {}
