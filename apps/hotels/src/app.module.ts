import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule } from '@clew/participant';
import { rabbitmq } from '@clew/rabbitmq';
import { AuditModule, EnvironmentModule, HealthModule } from '@clew/service';
import { tripBooking } from '@clew/trip-booking';
import { books } from './audit/books.js';
import { AvailabilityController } from './availability/availability.controller.js';
import { DatabaseModule } from './database/database.module.js';
import { PrismaService } from './database/prisma.service.js';
import { HotelsEnvironment } from './hotels-environment.js';
import { CancelHotelHandler } from './reservations/cancel-hotel.handler.js';
import { ReservationsController } from './reservations/reservations.controller.js';
import { ReserveHotelHandler } from './reservations/reserve-hotel.handler.js';

const participant = ParticipantModule.forRootAsync({
  inject: [HotelsEnvironment, PrismaService],
  useFactory: (environment: HotelsEnvironment, database: PrismaService) => ({
    name: 'hotels',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    choreographed: [tripBooking],
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
  }),
});

@Module({
  imports: [
    EnvironmentModule.forRoot(HotelsEnvironment),
    DatabaseModule,
    participant,
    AuditModule.forRoot({ service: 'hotels', books, database: PrismaService }),
    HealthModule.forRootAsync({
      imports: [participant],
      inject: [PrismaService, ParticipantHealth],
      useFactory: (database: PrismaService, health: ParticipantHealth) => ({
        database: () => database.$queryRaw`SELECT 1`,
        broker: () => health.ready(),
      }),
    }),
  ],
  controllers: [ReserveHotelHandler, CancelHotelHandler, ReservationsController, AvailabilityController],
})
export class AppModule {}
