import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import { Trip } from './trip.dto.js';

const COORDINATIONS = ['orchestration'] as const;

/** Body of `POST /bookings`. */
export class BookTripRequest extends Trip {
  @ApiPropertyOptional({ enum: COORDINATIONS, default: 'orchestration' })
  // Not IsOptional: that would let null through.
  @ValidateIf((_request, value) => value !== undefined)
  @IsIn(COORDINATIONS)
  coordination?: (typeof COORDINATIONS)[number];
}
