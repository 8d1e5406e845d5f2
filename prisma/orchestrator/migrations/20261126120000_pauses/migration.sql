-- Definitions of which no instance is begun for the moment, by word of an operator.
CREATE TABLE "saga_pause" (
    "saga" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "saga_pause_pkey" PRIMARY KEY ("saga")
);
