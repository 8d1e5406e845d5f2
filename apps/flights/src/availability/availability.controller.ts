import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { RejectionCode } from '@clew/contracts';
import { ApiProblems, notFound } from '@clew/service';
import { PrismaService } from '../database/prisma.service.js';
import { AvailabilityQuery } from './availability.query.dto.js';
import { AvailabilityResponse } from './availability.response.dto.js';

/** For anyone who audits the service from outside. */
@ApiTags('availability')
@Controller('availability')
export class AvailabilityController {
  constructor(private readonly prisma: PrismaService) {}

  /** Seats of a flight on a day. */
  @Get()
  @ApiOkResponse({ type: AvailabilityResponse })
  @ApiProblems({ 400: 'The query is not valid', 404: 'There is no such flight on that day' })
  async find(@Query() { flightNumber, date }: AvailabilityQuery): Promise<AvailabilityResponse> {
    const seats = await this.prisma.flightInventory.findUnique({
      where: { flightNumber_date: { flightNumber, date: new Date(date) } },
    });
    if (!seats) {
      throw notFound(`There is no flight ${flightNumber} on ${date}.`, RejectionCode.FLIGHT_UNKNOWN);
    }
    const { capacity, reserved } = seats;
    return { capacity, reserved, available: capacity - reserved };
  }
}
