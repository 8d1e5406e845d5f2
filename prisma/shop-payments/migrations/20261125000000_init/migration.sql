CREATE TABLE "account" (
    "customer_id" TEXT NOT NULL,
    "credit_limit_cents" INTEGER NOT NULL,
    "authorised_cents" INTEGER NOT NULL DEFAULT 0,
    "captured_cents" INTEGER NOT NULL DEFAULT 0,
    "frozen" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "account_pkey" PRIMARY KEY ("customer_id"),
    -- Of the limit, too: half of what an integer holds, so that no sum below runs over.
    CONSTRAINT "account_credit" CHECK (
        "authorised_cents" >= 0 AND "captured_cents" >= 0
        AND "authorised_cents" + "captured_cents" <= "credit_limit_cents"
        AND "credit_limit_cents" <= 1000000000
    )
) WITH (fillfactor = 80);

CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'AUTHORISED',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "payment_amount" CHECK ("amount_cents" > 0),
    CONSTRAINT "payment_status" CHECK ("status" IN ('AUTHORISED', 'VOIDED', 'CAPTURED', 'REFUNDED'))
);
CREATE UNIQUE INDEX "payment_saga_id_step_key" ON "payment"("saga_id", "step");

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
