CREATE SEQUENCE "orders" AS integer;
