import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems, isUuid, notFound } from '@clew/service';
import type { Reservation } from '../database/client/client.js';
import { PrismaService } from '../database/prisma.service.js';
import { ReservationResponse } from './reservation.response.dto.js';

/** For anyone who audits the service from outside. */
@ApiTags('reservations')
@Controller('reservations')
export class ReservationsController {
  constructor(private readonly prisma: PrismaService) {}

  /** The reservation that was made for a booking. */
  @Get(':bookingId')
  @ApiOkResponse({ type: ReservationResponse })
  @ApiProblems({ 404: 'Nothing was ever reserved for the booking' })
  async find(@Param('bookingId') bookingId: string): Promise<ReservationResponse> {
    const reservation = isUuid(bookingId)
      ? await this.prisma.reservation.findFirst({ where: { sagaId: bookingId } })
      : null;
    if (!reservation) throw notFound(`No hotel was ever reserved for booking ${bookingId}.`);
    return present(reservation);
  }
}

function present(reservation: Reservation): ReservationResponse {
  return {
    bookingId: reservation.sagaId,
    status: reservation.status as ReservationResponse['status'],
    reservationId: reservation.id,
    hotelId: reservation.hotelId,
    checkIn: dayOf(reservation.checkIn),
    checkOut: dayOf(reservation.checkOut),
    rooms: reservation.rooms,
    createdAt: reservation.createdAt.toISOString(),
    cancelledAt: reservation.cancelledAt?.toISOString() ?? null,
  };
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
