-- Who asked for a saga, about whom, and by which key. Goes with its saga.
CREATE TABLE "saga_opening" (
    "saga_id" UUID NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT,
    "key" TEXT,
    "fingerprint" TEXT,
    "answer" JSON,

    CONSTRAINT "saga_opening_pkey" PRIMARY KEY ("saga_id"),
    CONSTRAINT "saga_opening_saga_id_fkey" FOREIGN KEY ("saga_id") REFERENCES "saga_instance"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "saga_opening_owner_key_key" ON "saga_opening"("owner", "key") WHERE "key" IS NOT NULL;
CREATE INDEX "saga_opening_owner_saga_id_idx" ON "saga_opening"("owner", "saga_id");
CREATE INDEX "saga_opening_subject_saga_id_idx" ON "saga_opening"("subject", "saga_id") WHERE "subject" IS NOT NULL;
-- Rows come in the order of their times, so a summary of each range of pages does.
CREATE INDEX "saga_instance_created_at_idx" ON "saga_instance" USING brin ("created_at");
