import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import { Trip } from '@clew/contracts';

export const COORDINATIONS = ['orchestration', 'choreography'] as const;

/** Body of `POST /bookings`. */
export class BookTripRequest extends Trip {
  @ApiPropertyOptional({
    enum: COORDINATIONS,
    default: 'orchestration',
    description: 'Who moves the booking on: the orchestrator, or the participants by themselves.',
  })
  // Not IsOptional: that would let null through.
  @ValidateIf((_request, value) => value !== undefined)
  @IsIn(COORDINATIONS)
  coordination?: (typeof COORDINATIONS)[number];
}
