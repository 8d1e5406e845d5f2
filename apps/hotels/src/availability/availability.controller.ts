import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { daysBetween, RejectionCode } from '@clew/contracts';
import { ApiProblems, notFound } from '@clew/service';
import { PrismaService } from '../database/prisma.service.js';
import { AvailabilityQuery } from './availability.query.dto.js';
import { AvailabilityResponse } from './availability.response.dto.js';
import { tightestOf } from './tightest.js';

/** For anyone who audits the service from outside. */
@ApiTags('availability')
@Controller('availability')
export class AvailabilityController {
  constructor(private readonly prisma: PrismaService) {}

  /** Rooms of a hotel on the tightest night of a stay. */
  @Get()
  @ApiOkResponse({ type: AvailabilityResponse })
  @ApiProblems({ 400: 'The query is not valid', 404: 'There is no such hotel on all of these nights' })
  async find(@Query() { hotelId, checkIn, checkOut }: AvailabilityQuery): Promise<AvailabilityResponse> {
    const nights = await this.prisma.hotelInventory.findMany({
      where: { hotelId, night: { gte: new Date(checkIn), lt: new Date(checkOut) } },
      orderBy: { night: 'asc' },
    });
    const tightest = tightestOf(nights);
    if (!tightest || nights.length < daysBetween(checkIn, checkOut)) {
      throw notFound(
        `There is no hotel ${hotelId} for all nights from ${checkIn} to ${checkOut}.`,
        RejectionCode.HOTEL_UNKNOWN,
      );
    }
    const { capacity, reserved } = tightest;
    return { capacity, reserved, available: capacity - reserved };
  }
}
