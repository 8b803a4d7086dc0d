ALTER SEQUENCE "orders" RESTART;
-- can't undo alter next number of sequence orders: where the sequence stood isn't remembered; write a down
