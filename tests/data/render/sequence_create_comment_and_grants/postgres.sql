CREATE SEQUENCE "orders";
COMMENT ON SEQUENCE "orders" IS 'Numbers of orders';
GRANT SELECT, USAGE ON SEQUENCE "orders" TO "app";
