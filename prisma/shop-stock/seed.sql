-- Teapots and fifty books, ample; a unicorn, always sold out; wrapping paper for a hundred thousand gifts.
INSERT INTO product (sku, price_cents, stock)
SELECT 'BOOK-' || number, 1000 + 10 * number, 100000 FROM generate_series(1, 50) AS number
UNION ALL VALUES ('TEAPOT', 2490, 100000), ('UNICORN', 99900, 0)
ON CONFLICT DO NOTHING;
INSERT INTO wrapping_paper (id, sheets) VALUES (1, 100000) ON CONFLICT DO NOTHING;
