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

  /** Cars of a class at a location on the tightest day of a rental. */
  @Get()
  @ApiOkResponse({ type: AvailabilityResponse })
  @ApiProblems({ 400: 'The query is not valid', 404: 'There is no such car on all of these days' })
  async find(@Query() query: AvailabilityQuery): Promise<AvailabilityResponse> {
    const { location, carClass, pickUp, dropOff } = query;
    const days = await this.prisma.carInventory.findMany({
      where: { location, carClass, day: { gte: new Date(pickUp), lte: new Date(dropOff) } },
      orderBy: { day: 'asc' },
    });
    const tightest = tightestOf(days);
    if (!tightest || days.length < daysBetween(pickUp, dropOff) + 1) {
      throw notFound(
        `There is no car of class ${carClass} at ${location} for all days from ${pickUp} to ${dropOff}.`,
        RejectionCode.CAR_UNKNOWN,
      );
    }
    const { capacity, reserved } = tightest;
    return { capacity, reserved, available: capacity - reserved };
  }
}
