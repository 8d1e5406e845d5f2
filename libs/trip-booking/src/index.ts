/**
 * The saga of a booked trip, shared by all who have a part in it: the orchestrator that runs it or shows it, and the
 * participants, which move it on by themselves when it is choreographed.
 *
 * A definition and nothing else: no I/O, no Nest, no Prisma.
 */
export { tripBooking } from './trip-booking.saga.js';
