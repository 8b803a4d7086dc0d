ALTER TABLE "orders"
  ALTER COLUMN "id" RESTART WITH 1000,
  ALTER COLUMN "id" RESTART;
-- can't undo alter next number of column orders.id: where the numbers stood isn't remembered; write a down
