-- What has no column of its own goes into one: steps, and for those that have them parent and locks.
ALTER TABLE "saga_instance" RENAME COLUMN "steps" TO "state";
UPDATE "saga_instance" SET "state" = json_build_object('steps', "state");
ALTER TABLE "saga_instance" ADD COLUMN "parent_id" UUID;

CREATE TABLE "saga_definition" (
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saga_definition_pkey" PRIMARY KEY ("name","version","hash")
);

CREATE TABLE "saga_lock" (
    "key" TEXT NOT NULL,
    "saga_id" UUID NOT NULL,
    "acquired_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "told" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "saga_lock_pkey" PRIMARY KEY ("key")
)
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX "saga_lock_saga_id_idx" ON "saga_lock"("saga_id");

CREATE TABLE "saga_lock_queue" (
    "key" TEXT NOT NULL,
    "saga_id" UUID NOT NULL,
    "ticket" BIGSERIAL NOT NULL,
    "lease_ms" INTEGER NOT NULL,

    CONSTRAINT "saga_lock_queue_pkey" PRIMARY KEY ("key","saga_id")
)
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX "saga_lock_queue_saga_id_idx" ON "saga_lock_queue"("saga_id");
