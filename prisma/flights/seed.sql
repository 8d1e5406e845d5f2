-- CL100 to CL149 with 180 seats a day, and CL404, which is always sold out; 730 days from 2027-01-01.
INSERT INTO flight_inventory (flight_number, date, capacity)
SELECT flight_number, day, capacity
FROM (
  SELECT 'CL' || number AS flight_number, 180 AS capacity FROM generate_series(100, 149) AS number
  UNION ALL VALUES ('CL404', 0)
) AS flight,
generate_series(date '2027-01-01', date '2027-01-01' + 729, interval '1 day') AS day
ON CONFLICT DO NOTHING;
