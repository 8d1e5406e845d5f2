-- What a run has come to: sagas that ended, and reservations that are held or were given back.
SELECT
  (SELECT count(*) FROM dbos.workflow_status WHERE status = 'SUCCESS')::int AS ended,
  count(*) FILTER (WHERE status = 'RESERVED')::int AS reserved,
  count(*) FILTER (WHERE status = 'CANCELLED')::int AS cancelled
FROM reservation
