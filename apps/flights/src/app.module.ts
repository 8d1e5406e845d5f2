import { Module } from '@nestjs/common';
import { ParticipantHealth, ParticipantModule } from '@clew/participant';
import { rabbitmq } from '@clew/rabbitmq';
import { SagaOwner, SagaOwnerModule } from '@clew/saga';
import { AuditModule, EnvironmentModule, HealthModule, policiesFrom } from '@clew/service';
import { tripBooking } from '@clew/trip-booking';
import { books } from './audit/books.js';
import { AvailabilityController } from './availability/availability.controller.js';
import { DatabaseModule } from './database/database.module.js';
import { PrismaService } from './database/prisma.service.js';
import { FlightsEnvironment } from './flights-environment.js';
import { CancelFlightHandler } from './reservations/cancel-flight.handler.js';
import { ReservationsController } from './reservations/reservations.controller.js';
import { ReserveFlightHandler } from './reservations/reserve-flight.handler.js';

const participant = ParticipantModule.forRootAsync({
  inject: [FlightsEnvironment, PrismaService],
  useFactory: (environment: FlightsEnvironment, database: PrismaService) => ({
    name: 'flights',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    choreographed: [tripBooking],
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
  }),
});

/** The flight comes first in a trip, so choreographed trips have their rows here. */
const owner = SagaOwnerModule.forRootAsync({
  definitions: [tripBooking],
  inject: [FlightsEnvironment, PrismaService],
  useFactory: (environment: FlightsEnvironment, database: PrismaService) => ({
    name: 'flights',
    broker: rabbitmq({ url: environment.AMQP_URL, namespace: environment.CLEW_NAMESPACE }),
    database,
    policies: policiesFrom(environment),
    outboxLeaseMs: environment.CLEW_OUTBOX_LEASE_MS,
    retentionMs: environment.CLEW_SAGA_RETENTION_HOURS * 3_600_000,
  }),
});

@Module({
  imports: [
    EnvironmentModule.forRoot(FlightsEnvironment),
    DatabaseModule,
    participant,
    owner,
    AuditModule.forRoot({ service: 'flights', books, database: PrismaService }),
    HealthModule.forRootAsync({
      imports: [participant, owner],
      inject: [PrismaService, ParticipantHealth, SagaOwner],
      useFactory: (database: PrismaService, health: ParticipantHealth, owner: SagaOwner) => ({
        database: () => database.$queryRaw`SELECT 1`,
        broker: () => health.ready() && owner.ready,
      }),
    }),
  ],
  controllers: [ReserveFlightHandler, CancelFlightHandler, ReservationsController, AvailabilityController],
})
export class AppModule {}
