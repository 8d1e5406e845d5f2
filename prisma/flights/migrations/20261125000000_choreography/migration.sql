-- Rows of the choreographed sagas that this service owns: what an orchestrator keeps of its own.
CREATE TABLE "saga_instance" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition_hash" TEXT NOT NULL,
    "coordination" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "input" JSON NOT NULL,
    "state" JSON NOT NULL,
    "failure" JSON,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "parent_id" UUID,

    CONSTRAINT "saga_instance_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "saga_instance_status" CHECK ("status" IN ('RUNNING', 'COMPENSATING', 'STUCK', 'COMPLETED', 'COMPENSATED'))
)
-- Room on the page for the new versions of a row, so that its indexes stay untouched while the saga runs.
WITH (fillfactor = 60);
CREATE INDEX "saga_instance_status_id_idx" ON "saga_instance"("status", "id");

CREATE TABLE "saga_history" (
    "saga_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "entries" JSON NOT NULL,

    CONSTRAINT "saga_history_pkey" PRIMARY KEY ("saga_id","revision")
);

CREATE TABLE "saga_deadline" (
    "saga_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saga_deadline_pkey" PRIMARY KEY ("saga_id","step")
)
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX "saga_deadline_due_at_idx" ON "saga_deadline"("due_at");

CREATE TABLE "saga_definition" (
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saga_definition_pkey" PRIMARY KEY ("name","version","hash")
);

-- What the cleaner looks for, oldest first. Partial, so that a saga costs it one entry, when it ends.
CREATE INDEX "saga_instance_ended_at_idx" ON "saga_instance"("ended_at") WHERE "ended_at" IS NOT NULL;
