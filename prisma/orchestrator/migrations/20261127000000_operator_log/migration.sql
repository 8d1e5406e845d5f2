-- What operators have done, and why. Rows are never taken back: only the outcome is filled in, once.
CREATE TABLE "operator_action" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "key_name" TEXT,
    "action" TEXT NOT NULL,
    "target" JSON NOT NULL,
    "reason" TEXT NOT NULL,
    "outcome" TEXT,

    CONSTRAINT "operator_action_pkey" PRIMARY KEY ("id")
);

CREATE FUNCTION "operator_action_is_kept"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.outcome IS NULL AND NEW.outcome IS NOT NULL
    AND (NEW.id, NEW.at, NEW.actor, NEW.key_name, NEW.action, NEW.target::text, NEW.reason)
      IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor, OLD.key_name, OLD.action, OLD.target::text, OLD.reason) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'What operators have done is kept as it is';
END $$;
CREATE TRIGGER "operator_action_is_kept" BEFORE UPDATE OR DELETE ON "operator_action"
  FOR EACH ROW EXECUTE FUNCTION "operator_action_is_kept"();
CREATE TRIGGER "operator_actions_are_kept" BEFORE TRUNCATE ON "operator_action"
  FOR EACH STATEMENT EXECUTE FUNCTION "operator_action_is_kept"();
