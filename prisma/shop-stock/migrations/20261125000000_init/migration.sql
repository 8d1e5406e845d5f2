CREATE TABLE "product" (
    "sku" TEXT NOT NULL,
    "price_cents" INTEGER NOT NULL,
    "stock" INTEGER NOT NULL,
    "reserved" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "product_pkey" PRIMARY KEY ("sku"),
    -- So that the largest order there can be still fits into an integer.
    CONSTRAINT "product_price" CHECK ("price_cents" BETWEEN 1 AND 1000000),
    CONSTRAINT "product_reserved" CHECK ("reserved" >= 0 AND "reserved" <= "stock")
) WITH (fillfactor = 80);

CREATE TABLE "hold" (
    "id" UUID NOT NULL,
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "total_cents" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'HELD',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "hold_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "hold_status" CHECK ("status" IN ('HELD', 'RELEASED', 'RETURNED'))
);
CREATE UNIQUE INDEX "hold_saga_id_step_key" ON "hold"("saga_id", "step");

CREATE TABLE "hold_line" (
    "hold_id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "hold_line_pkey" PRIMARY KEY ("hold_id","sku"),
    CONSTRAINT "hold_line_quantity" CHECK ("quantity" > 0),
    CONSTRAINT "hold_line_hold_id_fkey" FOREIGN KEY ("hold_id") REFERENCES "hold"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "wrapping_paper" (
    "id" INTEGER NOT NULL,
    "sheets" INTEGER NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "wrapping_paper_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "wrapping_paper_one" CHECK ("id" = 1),
    CONSTRAINT "wrapping_paper_used" CHECK ("used" >= 0 AND "used" <= "sheets")
) WITH (fillfactor = 80);

CREATE TABLE "gift_wrap" (
    "id" UUID NOT NULL,
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'WRAPPED',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "gift_wrap_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "gift_wrap_status" CHECK ("status" IN ('WRAPPED', 'UNWRAPPED'))
);
CREATE UNIQUE INDEX "gift_wrap_saga_id_step_key" ON "gift_wrap"("saga_id", "step");

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
