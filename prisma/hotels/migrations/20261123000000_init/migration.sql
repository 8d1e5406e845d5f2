CREATE TABLE "hotel_inventory" (
    "hotel_id" TEXT NOT NULL,
    "night" DATE NOT NULL,
    "capacity" INTEGER NOT NULL,
    "reserved" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "hotel_inventory_pkey" PRIMARY KEY ("hotel_id","night"),
    CONSTRAINT "hotel_inventory_reserved" CHECK ("reserved" >= 0 AND "reserved" <= "capacity")
) WITH (fillfactor = 80);

CREATE TABLE "reservation" (
    "id" UUID NOT NULL,
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "hotel_id" TEXT NOT NULL,
    "check_in" DATE NOT NULL,
    "check_out" DATE NOT NULL,
    "rooms" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'RESERVED',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cancelled_at" TIMESTAMPTZ(3),

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "reservation_status" CHECK ("status" IN ('RESERVED', 'CANCELLED'))
);
CREATE UNIQUE INDEX "reservation_saga_id_step_key" ON "reservation"("saga_id", "step");

CREATE TABLE "fence" (
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "outcome" TEXT,
    "reply" JSON,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fence_pkey" PRIMARY KEY ("saga_id","step","direction","epoch"),
    CONSTRAINT "fence_direction" CHECK ("direction" IN ('action', 'compensation')),
    CONSTRAINT "fence_outcome" CHECK ("outcome" IN ('done', 'rejected', 'tombstone'))
) WITH (fillfactor = 80);

CREATE TABLE "outbox" (
    "id" UUID NOT NULL,
    "destination" TEXT NOT NULL,
    "message" JSON NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
)
-- Rows come and go at the rate of the messages: vacuum early, or the table turns into a swamp.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
