CREATE SEQUENCE "orders";
CREATE TABLE "bill" (
  "id" bigint NOT NULL,
  "number" bigint DEFAULT nextval('orders'::regclass),
  CONSTRAINT "bill_pkey" PRIMARY KEY ("id")
);
