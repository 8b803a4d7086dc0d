COMMENT ON SEQUENCE "orders" IS 'Numbers of orders';
