-- HOTEL-1 to HOTEL-50 with 40 rooms a night, and GRAND-FULL, which is always sold out; 730 nights from 2027-01-01.
INSERT INTO hotel_inventory (hotel_id, night, capacity)
SELECT hotel_id, night, capacity
FROM (
  SELECT 'HOTEL-' || number AS hotel_id, 40 AS capacity FROM generate_series(1, 50) AS number
  UNION ALL VALUES ('GRAND-FULL', 0)
) AS hotel,
generate_series(date '2027-01-01', date '2027-01-01' + 729, interval '1 day') AS night
ON CONFLICT DO NOTHING;
