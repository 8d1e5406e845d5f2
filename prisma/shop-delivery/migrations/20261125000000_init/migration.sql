CREATE TABLE "carrier" (
    "id" INTEGER NOT NULL,
    "is_up" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "carrier_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "carrier_one" CHECK ("id" = 1)
);

CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "delivery_saga_id_step_key" ON "delivery"("saga_id", "step");

CREATE TABLE "collection" (
    "id" UUID NOT NULL,
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'BOOKED',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cancelled_at" TIMESTAMPTZ(3),

    CONSTRAINT "collection_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "collection_status" CHECK ("status" IN ('BOOKED', 'CANCELLED'))
);
CREATE UNIQUE INDEX "collection_saga_id_step_key" ON "collection"("saga_id", "step");
CREATE INDEX "collection_order_id_idx" ON "collection"("order_id");

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
