import { PickType } from '@nestjs/swagger';
import { ReserveHotel } from '@clew/contracts';

/** What is asked for is named by the same fields, under the same rules, as in the command that reserves it. */
export class AvailabilityQuery extends PickType(ReserveHotel, ['hotelId', 'checkIn', 'checkOut']) {}
