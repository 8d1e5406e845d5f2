-- What the cleaner looks for, oldest first. Partial, so that a saga costs it one entry, when it ends.
CREATE INDEX "saga_instance_ended_at_idx" ON "saga_instance"("ended_at") WHERE "ended_at" IS NOT NULL;
